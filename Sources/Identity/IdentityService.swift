public import Catalog
import Foundation
public import HoldfastCore

/// Finds out who calls, and keeps the list of those who may.
///
/// What is known of a caller is kept only while nothing is committed to the catalog: a key that is disabled by another process is
/// refused at the next request.
public struct IdentityService: Sendable {
    /// How long a token lives.
    public static let tokenLifetime = Duration.seconds(24 * 3600)

    let catalog: any CatalogDatabase
    let box: SecretBox
    let seams: Seams
    /// Slow hashes run here: two at once, and 64 waiting, so that a flood of logins can't starve the rest.
    let passwordThreads: NamedThreadPool
    let verifier = SignatureVerifier()
    /// Callers, counted; an entry is some hundred bytes.
    let kept = KeptValues<KnownCaller, any Sendable>(sizeMax: 4096)

    public init(catalog: any CatalogDatabase, box: SecretBox, seams: Seams) {
        self.catalog = catalog
        self.box = box
        self.seams = seams
        passwordThreads = NamedThreadPool(name: "password", threads: 2, queueMax: 64)
    }

    /// The catalog's state, to keep by it what was read after it; nil where nothing is kept.
    public func version() -> CatalogVersion? { catalog.version() }

    /// Where requests run best: finding out who calls reads the catalog, and so does what comes after it.
    public var readingThreads: (any TaskExecutor)? { catalog.readingThreads }

    /// Ends the threads. Logins fail from then on.
    public func close() { passwordThreads.close() }

    var now: Instant { Instant(seams.now()) }

    func randomText(bytes: Int) -> String {
        Data(seams.randomBytes(bytes)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads, with the catalog's failures wrapped once.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws(IdentityError) -> Value {
        do { return try await catalog.read(body) } catch { throw Self.wrap(error) }
    }

    /// As ``read(_:)``, or what the same found when the catalog was in this state before.
    func read<Value: Sendable>(
        _ caller: KnownCaller, at version: CatalogVersion?,
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value?
    ) async throws(IdentityError) -> Value? {
        guard let version else { return try await read(body) }
        if let value = kept.value(for: caller, at: version) as? Value { return value }
        let value = try await read(body)
        if let value { kept.keep(value, for: caller, size: 1, at: version) }
        return value
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws(IdentityError) -> Value {
        do { return try await catalog.write(body) } catch { throw Self.wrap(error) }
    }

    static func wrap(_ error: any Error) -> IdentityError {
        switch error {
        case let error as IdentityError: error
        case let error as CatalogError where error.code == .conflict:
            IdentityError(.conflict, "the name is taken already", cause: error)
        case let error as NamedThreadPool.Overloaded:
            IdentityError(.busy, "too many logins at once; try again later", cause: error)
        default: IdentityError(.catalog, "the catalog can't be used now; try again later", cause: error)
        }
    }
}

/// By what a caller is found.
enum KnownCaller: Hashable, Sendable {
    case token(hash: String)
    case accessKey(String)
    case role(UserID, ProjectID)
}

/// Who calls, and where.
public struct Principal: Sendable {
    public let user: UserRecord
    public let domain: DomainRecord
    /// The project the token is for; nil for an unscoped token, and for a signature, which is for any of the user's.
    public let project: ProjectRecord?
    /// In that project, at the time of the request.
    let projectRole: Role?
    public let isDomainScoped: Bool
    public let means: Means

    public enum Means: Sendable, Equatable {
        case token(TokenRecord)
        case signature(accessKey: String)
    }

    /// True when the caller may act in a project that it names in the path.
    func mayName(_ project: ProjectID) -> Bool {
        switch means {
        case .token: self.project?.id == project
        case .signature: true
        }
    }
}
