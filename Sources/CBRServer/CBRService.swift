public import ControlPlane
public import HoldfastCore
import Hummingbird
import HummingbirdCore
public import Identity
public import Logging
import NIOCore
public import ServiceLifecycle

/// The HTTP side of the service: every route, and the server that listens.
public struct CBRService: Sendable {
    public struct Parts: Sendable {
        public var control: ControlPlane
        public var identity: IdentityService
        public var region: String
        public var seams: Seams
        public var logger: Logger
        /// Throws when the repository can't be used.
        public var checkRepository: @Sendable () async throws -> Void
        public var gauges: @Sendable () async -> [Gauge]
        /// Takes replicas from other servers; nil: none come.
        public var receiver: (any ReplicaReceiver)?
        /// Throws until the first administrator is made and the endpoint is written down.
        public var checkStart: @Sendable () async throws -> Void = {}

        public init(
            control: ControlPlane, identity: IdentityService, region: String, seams: Seams, logger: Logger,
            checkRepository: @escaping @Sendable () async throws -> Void,
            gauges: @escaping @Sendable () async -> [Gauge]
        ) {
            self.control = control
            self.identity = identity
            self.region = region
            self.seams = seams
            self.logger = logger
            self.checkRepository = checkRepository
            self.gauges = gauges
        }
    }

    let parts: Parts
    let table: RouteTable
    private let metrics = ServiceMetrics()

    public init(_ parts: Parts) {
        self.parts = parts
        table = Self.table(parts, metrics: metrics)
    }

    static func table(_ parts: Parts, metrics: ServiceMetrics) -> RouteTable {
        let control = parts.control
        let health = HealthRoutes(
            parts: [
                .init(name: "catalog") { try await control.checkCatalog() },
                .init(name: "repository", check: parts.checkRepository), .init(name: "start", check: parts.checkStart),
            ],
            metrics: metrics, gauges: parts.gauges)
        let vaults = VaultRoutes(control: control)
        let others =
            health.routes
            + TokenRoutes(identity: parts.identity, region: parts.region).routes
            + DirectoryRoutes(identity: parts.identity, region: parts.region).routes
            + DomainRoutes(identity: parts.identity).routes
            + vaults.routes + TagRoutes(control: control).routes + SummaryRoutes(control: control).routes
            + ProtectionRoutes(control: control).routes
            + PolicyRoutes(control: control).routes + OrganizationPolicyRoutes(control: control).routes
            + PolicyPreviewRoutes(control: control).routes
            + OrderRoutes(vaults: vaults).routes + CheckpointRoutes(control: control).routes
            + BackupRoutes(control: control).routes + MemberRoutes(control: control).routes
            + OperationRoutes(control: control).routes
            + ResourceRoutes(control: control).routes + AgentRoutes(control: control).routes
            + MetadataRoutes(control: control).routes + ImportRoutes(control: control).routes
            + ReplicationRoutes(control: control).routes
            + (parts.receiver.map { ReplicaIntakeRoutes(receiver: $0).routes } ?? [])
        let routes = others + FeatureRoutes(others).routes
        let offered = Set(routes.map(\.operation))
        return RouteTable(routes + InterfaceRoutes(offered: offered).routes)
    }

    public var responder: ServiceResponder {
        ServiceResponder(
            table: table, identity: parts.identity, once: OnceOnly(control: parts.control), metrics: metrics,
            bodies: BodyReader(seams: parts.seams),
            seams: parts.seams, logger: parts.logger)
    }

    /// The server as a service.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - onRunning: called with the port once connections are accepted.
    public func server(
        host: String, port: Int, onRunning: @escaping @Sendable (_ port: Int) async -> Void
    ) -> any Service {
        server(host: host, port: port, headPatience: Limits.headPatience, onRunning: onRunning)
    }

    func server(
        host: String, port: Int, headPatience: Duration,
        onRunning: @escaping @Sendable (_ port: Int) async -> Void
    ) -> any Service {
        var logger = parts.logger
        // The server's own lines are about connections, not about requests; those worth a line are warnings.
        logger.logLevel = max(logger.logLevel, .warning)
        let responder = responder
        return Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionGuard(headPatience: headPatience) { responder.answerUnreadable() }
                    ],
                    idleTimeout: .seconds(Int64(Limits.idleConnectionSeconds)),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Limits.headerBytesMax, maxHeaderListSize: Limits.headerBytesMax,
                        maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(Limits.connectionsMax)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger)
    }
}
