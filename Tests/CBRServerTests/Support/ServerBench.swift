import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Identity
import Logging
import ServiceLifecycle
import TestSupport

@testable import CBRServer

/// The whole HTTP side on a port of its own, over a catalog of its own, after its first start.
struct ServerBench: Sendable {
    static let region = "local-1"

    let http: RawHTTP
    let identity: IdentityService
    let admin: AdminCredentials
    let seams: Seams
    let log: CapturedLog
    let catalog: any CatalogDatabase
    let control: ControlPlane
    let routes: [Route]

    /// Runs `body` against a server, and stops that afterwards.
    ///
    /// - Parameter seams: of the HTTP side; whatever keeps time in it.
    static func with(
        seams: Seams = .live, headPatience: Duration = Limits.headPatience,
        repository: @escaping @Sendable () async throws -> Void = {},
        peers: any ReplicationPeers = NoPeers(localRegion: region), receiver: (any ReplicaReceiver)? = nil,
        _ body: @escaping @Sendable (ServerBench) async throws -> Void
    ) async throws {
        let schema = CoreMigrations.all + IdentityMigrations.all
        try await CatalogPlace.with(schema: schema) { place in
            let log = CapturedLog()
            let catalog = try await place.open(schema, seams: seams)
            let key = [UInt8](repeating: 1, count: SecretBox.keyBytes)
            let identity = IdentityService(
                catalog: catalog, box: SecretBox(key: key, randomBytes: seams.randomBytes), seams: seams)
            defer { identity.close() }
            let admin = try await identity.bootstrap(region: region, endpoint: "http://127.0.0.1") { _ in }
            guard let admin else { throw NotFirst() }
            let control = ControlPlane(
                database: catalog, inspector: Everywhere(), seams: seams, peers: peers)
            var parts = CBRService.Parts(
                control: control, identity: identity, region: region, seams: seams, logger: log.logger(),
                checkRepository: repository, gauges: { [] })
            parts.receiver = receiver
            let service = CBRService(parts)
            let (ports, running) = AsyncStream.makeStream(of: Int.self)
            let server = service.server(host: "127.0.0.1", port: 0, headPatience: headPatience) { running.yield($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                group.addTask {
                    guard let port = await ports.first(where: { _ in true }) else { throw NotFirst() }
                    try await body(
                        ServerBench(
                            http: RawHTTP(port: port), identity: identity, admin: admin, seams: seams, log: log,
                            catalog: catalog, control: control, routes: service.table.routes))
                }
                // The server ends only when it fails or is cancelled: the first to end is the test, or a failure.
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    struct NotFirst: Error {}

    /// Every place is there, and has 5 GiB.
    private struct Everywhere: LocationInspector {
        func inspect(location: String, type: ResourceType, role: LocationRole) async throws -> LocationFinding {
            .reachable(sizeBytes: 5 << 30)
        }
    }

    /// A request signed with the administrator's key, as a client signs it.
    func signed(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: String = "",
        secret: String? = nil
    ) async throws -> RawHTTP.Reply {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let request = RequestSigner(accessKey: admin.accessKey, secret: secret ?? admin.secretKey).signed(
            SignedRequest(
                method: method, path: parts[0], query: parts.count == 2 ? parts[1] : "",
                headers: [("Host", "127.0.0.1:\(http.port)"), ("Content-Type", "application/json")] + headers,
                body: Array(body.utf8)),
            at: seams.now())
        return try await http.send(method, target, headers: request.headers, body: request.body)
    }

    /// A request with a token.
    func bearing(
        _ token: String, _ method: String, _ target: String, headers: [(name: String, value: String)] = [],
        body: String = ""
    ) async throws -> RawHTTP.Reply {
        try await http.send(
            method, target, headers: [("X-Auth-Token", token), ("Content-Type", "application/json")] + headers,
            body: Array(body.utf8))
    }

    /// Asks for a token.
    ///
    /// - Parameters:
    ///   - identity: the JSON of `auth.identity`; nil for the administrator's password.
    ///   - scope: the JSON of `auth.scope`; nil to leave it out.
    func login(identity: String? = nil, scope: String? = nil, query: String = "") async throws -> RawHTTP.Reply {
        let identity = identity ?? password(admin.password)
        let scope = scope.map { ",\"scope\":\($0)" } ?? ""
        return try await http.send(
            "POST", "/v3/auth/tokens" + query, headers: [("Content-Type", "application/json")],
            body: Array("{\"auth\":{\"identity\":\(identity)\(scope)}}".utf8))
    }

    func password(_ password: String) -> String {
        """
        {"methods":["password"],"password":{"user":{"name":"\(admin.userName)","password":"\(password)",\
        "domain":{"name":"\(admin.domainName)"}}}}
        """
    }

    /// A token of the administrator for its project.
    func token() async throws -> String {
        let reply = try await login()
        guard let token = reply.headers["x-subject-token"] else { throw NotFirst() }
        return token
    }
}
