import CBRServer
import Catalog
import ControlPlane
import Endpoints
import Foundation
public import HoldfastCore
import Identity
import Jobs
import Logging
import NIOCore
import ObjectStorage
import Replication
import Repository
import ServiceLifecycle
import UnixSignals

/// Everything in one process: catalog, repository, identity, workers, HTTP.
///
/// The composition root: the only place that names concrete types.
public struct HoldfastServer: Sendable {
    private let configuration: ServerConfiguration
    private let seams: Seams
    private let logger: Logger

    /// - Parameter writeLog: takes whole lines; production writes them to standard error.
    public init(
        _ configuration: ServerConfiguration, seams: Seams, writeLog: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.seams = seams
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let format = configuration.logFormat
        logger = Logger(label: "holdfast") { _ in
            StructuredLogHandler(logLevel: level, format: format, now: seams.now, write: writeLog)
        }
    }

    /// Runs until SIGTERM or SIGINT, then stops within 30 seconds.
    ///
    /// - Throws: ``StartError`` with one sentence when it can't start.
    public func run() async throws {
        let directory = DataDirectory(configuration.dataDirectory)
        let roots: AllowedRoots
        do { roots = try AllowedRoots(configuration.allowedRoots) } catch {
            throw StartError(message: "the allowed root can't be used: \(error.message)")
        }
        let claim = try DirectoryClaim(directory)
        defer { withExtendedLifetime(claim) {} }
        let box: SecretBox
        let repository: Repository
        let catalog: any CatalogDatabase
        var database: DatabaseClaim?
        do {
            box = try SecretsKey.readOrCreate(directory, seams: seams)
            if case .postgres(let target) = configuration.catalog {
                database = DatabaseClaim(
                    claim: try await DatabaseClaim.take(target, seams: seams), target: target, seams: seams,
                    logger: logger)
            }
            catalog = try await configuration.catalog.open(in: directory, seams: seams)
            let backups = try await catalog.read { try $0.backups.storedCount() }
            repository = try openRepository(directory, backups: backups)
        } catch { throw StartError(message: Self.sentence(for: error)) }
        let group = try await assemble(
            directory: directory, roots: roots, box: box, repository: repository, catalog: catalog, database: database)
        do { try await group.run() } catch let error as StartError { throw error } catch {
            throw StartError(message: sentenceForListening(error))
        }
        try? await catalog.close()
        database?.claim.close()
        logger.info("stopped")
    }

    private func assemble(
        directory: DataDirectory, roots: AllowedRoots, box: SecretBox, repository: Repository,
        catalog: any CatalogDatabase, database: DatabaseClaim?
    ) async throws -> ServiceGroup {
        let identity = IdentityService(catalog: catalog, box: box, seams: seams)
        let peers = PeerDirectory(localRegion: configuration.region, peers: configuration.peers, seams: seams)
        let control = ControlPlane(
            database: catalog,
            inspector: EndpointInspector(roots: roots, privateDirectory: directory.path, seams: seams), seams: seams,
            policyRules: configuration.policyRules, peers: peers)
        try FileManager.default.createDirectory(
            atPath: directory.journals, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let dataPlane = EngineDataPlane(
            repository: repository, roots: roots, privateDirectory: directory.path,
            journalDirectory: directory.journals, seams: seams)
        let retagged = try await control.indexOldTags()
        if retagged > 0 { logger.info("tags of old vaults can be searched", metadata: ["vaults": "\(retagged)"]) }
        let interrupted = try await control.recoverInterrupted()
        if interrupted > 0 {
            logger.info("interrupted operations go on", metadata: ["operations": "\(interrupted)"])
        }
        // Reads every record of the repository: nothing waits for it.
        Task { [logger] in await RepositoryAudit(control: control, dataPlane: dataPlane).log(to: logger) }

        var limits = WorkerLimits()
        limits.parallel = configuration.parallel
        let worker = Worker(
            name: "embedded", control: control, dataPlane: dataPlane, limits: limits,
            sender: PeerSender(repository: repository, peers: peers, seams: seams, logger: logger), seams: seams,
            logger: logger)
        let intake = ReplicaIntake(
            control: control, repository: repository, dataPlane: dataPlane, seams: seams, logger: logger)
        let reclaimer = SpaceReclaimer(
            every: .seconds(configuration.pruneHours * 3600), seams: seams, logger: logger
        ) { try repository.prune() }
        let policies = PolicyRunner(control: control, seams: seams, logger: logger)
        let accountant = UsageAccountant(control: control, seams: seams, logger: logger) { sets in
            try repository.neededBytes(of: sets)
        }
        let keeper = LockKeeper(control: control, dataPlane: dataPlane, seams: seams, logger: logger)
        let diskThreads = NamedThreadPool(name: "repository-check", threads: 1, queueMax: 64)
        let gauges = ServiceGauges(control: control, catalog: catalog, seams: seams, startedAt: seams.uptime())
        let start = EndpointPublisher.Start()
        var parts = CBRService.Parts(
            control: control, identity: identity, region: configuration.region, seams: seams, logger: logger,
            checkRepository: { try await diskThreads.run { try repository.checkStore() } },
            gauges: { await gauges.read() })
        parts.receiver = intake
        parts.checkStart = { try start.check() }
        let service = CBRService(parts)
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let http = service.server(host: configuration.host, port: configuration.port) { running.yield($0) }
        let publisher = EndpointPublisher(
            ports: ports, host: configuration.host, region: configuration.region,
            firstStart: FirstStart(identity: identity, directory: directory), start: start, logger: logger)
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: worker), .init(service: reclaimer), .init(service: policies),
                .init(service: accountant), .init(service: keeper),
                .init(service: intake), .init(service: http), .init(service: publisher),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "services") { _ in SwiftLogNoOpLogHandler() })
        // Connections that clients keep open must not hold up the end.
        if let database { group.services.append(.init(service: database)) }
        group.maximumGracefulShutdownDuration = Duration.seconds(25)
        return ServiceGroup(configuration: group)
    }

    /// Opens the repository, or makes it at the first start: the key first, so that no repository is ever without one.
    ///
    /// - Parameter backups: how many the catalog has: with any, a repository that is not there was there once.
    private func openRepository(_ directory: DataDirectory, backups: Int) throws -> Repository {
        let hasRepository = access(directory.repository + "/config", F_OK) == 0
        let hasKey = access(directory.repositoryKey, F_OK) == 0
        guard hasKey || !hasRepository else {
            throw StartError(
                message: "\(directory.repositoryKey) is missing, and the repository can't be opened without it; "
                    + "put it back from a copy")
        }
        guard hasRepository || backups == 0 else {
            throw StartError(
                message:
                    "there is no repository at \(directory.repository), but the catalog has \(backups) backups in it; "
                    + "mount it or put it back from a copy")
        }
        if !hasKey { try KeyFile(randomBytes: seams.randomBytes).write(to: directory.repositoryKey) }
        let key = try KeyFile(readingFrom: directory.repositoryKey)
        let store = try LocalObjectStore(root: directory.repository)
        let scratch = ScratchSpace(path: directory.scratch)
        return hasRepository
            ? try Repository.open(store, unlockedBy: .keyFile(key), scratch: scratch, seams: seams)
            : try Repository.create(in: store, unlockedBy: .keyFile(key), scratch: scratch, seams: seams)
    }

    private static func sentence(for error: any Error) -> String {
        switch error {
        case let error as StartError: error.message
        case let error as CatalogError: error.message
        case let error as RepositoryError: error.message
        case let error as ObjectStoreError: error.message
        case let error as SecretFile.Failure: error.message
        case let error as ConfigurationError: error.message
        default: "the server could not start: \(error)"
        }
    }

    private func sentenceForListening(_ error: any Error) -> String {
        let address = "\(configuration.host):\(configuration.port)"
        guard let error = error as? IOError else { return "the server could not run on \(address): \(error)" }
        switch error.errnoCode {
        case EADDRINUSE: return "\(address) is in use by another program; choose another address with --listen"
        case let code: return "the server could not listen on \(address): \(String(cString: strerror(code)))"
        }
    }
}
