import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore
import Identity
import Logging
import TestSupport
import Testing

@testable import CBRServer

/// Goal: nobody can tell that answers are kept. Method: what a server answers is compared with what the route's own handler says,
/// while things are made, changed, carried out and removed, and time goes by.
@Suite("An answer that is kept is the one that reading would give")
struct KeptAnswerTests {
    /// Every route that is kept, with what there is to ask for.
    private static func targets(_ bench: ServerBench) async throws -> [(operation: String, path: String)] {
        func first(_ path: String, _ list: String) async throws -> String? {
            let reply = try await bench.call("GET", path + "?limit=1")
            return reply.value(list, as: [[String: Any]].self)?.first?["id"] as? String
        }
        var targets = [
            ("ListVault", "/vaults?limit=5"), ("ListBackups", "/backups"), ("ListBackups", "/backups?status=available"),
            ("ListOpLogs", "/operation-logs"), ("ListPolicies", "/policies"), ("ShowVaultProjectTag", "/vault/tags"),
        ]
        if let vault = try await first("/vaults", "vaults") {
            targets += [("ShowVault", "/vaults/\(vault)"), ("ShowVaultTag", "/vault/\(vault)/tags")]
        }
        if let backup = try await first("/backups", "backups") { targets.append(("ShowBackup", "/backups/\(backup)")) }
        if let checkpoint = try await bench.call("GET", "/backups?limit=1")
            .value("backups", as: [[String: Any]].self)?.first?["checkpoint_id"] as? String
        {
            targets.append(("ShowCheckpoint", "/checkpoints/\(checkpoint)"))
        }
        if let log = try await first("/operation-logs", "operation_logs") {
            targets.append(("ShowOpLog", "/operation-logs/\(log)"))
        }
        if let policy = try await first("/policies", "policies") {
            targets.append(("ShowPolicy", "/policies/\(policy)"))
        }
        return targets
    }

    private static func read(_ bench: ServerBench, _ path: String) async throws -> [UInt8] {
        let raw = "/v3/\(bench.admin.projectID)" + path
        let parts = raw.split(separator: "?", maxSplits: 1).map(String.init)
        guard case .route(let route, let parameters) = RouteTable(bench.routes).match(.get, parts[0]) else {
            throw ServerBench.Missing(path: path)
        }
        let query = (parts.count == 2 ? parts[1] : "").split(separator: "&").map { pair in
            let sides = pair.split(separator: "=").map(String.init)
            return (key: sides[0], value: sides[1])
        }
        var request = ServiceRequest(
            head: HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1", path: raw), parameters: parameters,
            query: query, body: [], requestID: "test", logger: Logger(label: "test"))
        request.role = .admin
        return try await route.handle(request).body
    }

    @Test("whatever happens, and however long it takes", arguments: [UInt64](1...6))
    func history(seed: UInt64) async throws {
        let clock = ManualClock()
        try await ServerBench.with(seams: clock.seams) { bench in
            var random = SeededGenerator(seed: seed)
            var asked: Set<String> = []
            for round in 0..<25 {
                try await Self.change(bench, round, clock, &random)
                for (operation, path) in try await Self.targets(bench) {
                    asked.insert(operation)
                    for _ in 0..<2 {
                        let reply = try await bench.call("GET", path)
                        #expect(
                            try await Array(reply.body) == Self.read(bench, path),
                            "seed \(seed), round \(round): \(path)")
                    }
                    clock.advance(by: .seconds(Int.random(in: 0...86_400, using: &random)))
                    let later = try await bench.call("GET", path)
                    #expect(try await Array(later.body) == Self.read(bench, path), "seed \(seed), later: \(path)")
                }
            }
            #expect(asked == Route.kept)
        }
    }

    private static func change(
        _ bench: ServerBench, _ round: Int, _ clock: ManualClock, _ random: inout SeededGenerator
    ) async throws {
        let vaults = try await bench.call("GET", "/vaults").value("vaults", as: [[String: Any]].self) ?? []
        let vault = vaults.randomElement(using: &random)?["id"] as? String
        switch round == 0 ? 0 : Int.random(in: 0..<7, using: &random) {
        case 0:
            _ = try await bench.vault("v\(round)", with: [bench.register("disk-\(round)")])
            _ = try await bench.call("POST", "/policies", Self.policy(round))
        case 1, 2: if let vault { try await Self.backUp(vault, bench) }
        case 3: try await bench.work()
        case 4:
            if let vault { _ = try await bench.call("PUT", "/vaults/\(vault)", #"{"vault":{"name":"n\#(round)"}}"#) }
        case 5:
            guard let vault else { return }
            _ = try await bench.call(
                "POST", "/vault/\(vault)/tags", #"{"tag":{"key":"k\#(round % 5)","value":"v"}}"#, expecting: 204)
        default:
            let available = try await bench.call("GET", "/backups?status=available")
            guard let backup = available.value("backups", as: [[String: Any]].self)?.first?["id"] as? String
            else { return }
            _ = try await bench.call("DELETE", "/backups/\(backup)", expecting: 204)
        }
    }

    /// A vault whose backup is still running refuses.
    private static func backUp(_ vault: String, _ bench: ServerBench) async throws {
        let reply = try await bench.signed(
            "POST", "/v3/\(bench.admin.projectID)/checkpoints",
            body: #"{"checkpoint":{"vault_id":"\#(vault)","parameters":{}}}"#)
        #expect(reply.status < 500)
    }

    private static func policy(_ number: Int) -> String {
        """
        {"policy":{"name":"p\(number)","operation_type":"backup","operation_definition":{"max_backups":3},\
        "trigger":{"properties":{"pattern":["FREQ=DAILY;INTERVAL=1;BYHOUR=1;BYMINUTE=00"]}}}}
        """
    }

    @Test("is for its caller: of another role, project or user nothing is taken over")
    func callers() async throws {
        try await ServerBench.with { bench in
            _ = try await bench.vault("mine")
            let (reader, password) = try await bench.identity.createUser(
                name: "reader", in: DomainID(bench.admin.domainID))
            let other = try await bench.identity.createProject(name: "other", in: DomainID(bench.admin.domainID))
            try await bench.identity.grant(.viewer, to: reader.id, in: other.id)
            let login = try await bench.login(
                identity: """
                    {"methods":["password"],"password":{"user":{"id":"\(reader.id)","password":"\(password)"}}}
                    """, scope: #"{"project":{"id":"\#(other.id)"}}"#)
            let token = try #require(login.headers["x-subject-token"])
            for _ in 0..<2 {
                #expect(try await bench.call("GET", "/vaults").number("count") == 1)
                let foreign = try await bench.bearing(token, "GET", "/v3/\(bench.admin.projectID)/vaults")
                #expect(foreign.status == 403)
                let own = try await bench.bearing(token, "GET", "/v3/\(other.id)/vaults")
                #expect(try own.number("count") == 0)
            }
        }
    }

    @Test("a token that is revoked, over, or of a user that is switched off opens nothing, however often it was used")
    func tokens() async throws {
        let clock = ManualClock()
        try await ServerBench.with(seams: clock.seams) { bench in
            let vaults = "/v3/\(bench.admin.projectID)/vaults"
            func status(_ token: String) async throws -> Int {
                _ = try await bench.bearing(token, "GET", vaults)
                return try await bench.bearing(token, "GET", vaults).status
            }
            let revoked = try await bench.token()
            #expect(try await status(revoked) == 200)
            let gone = try await bench.http.send(
                "DELETE", "/v3/auth/tokens", headers: [("X-Auth-Token", revoked), ("X-Subject-Token", revoked)])
            #expect(gone.status == 204)
            #expect(try await status(revoked) == 401)

            let old = try await bench.token()
            #expect(try await status(old) == 200)
            clock.advance(by: IdentityService.tokenLifetime)
            #expect(try await status(old) == 401)

            let last = try await bench.token()
            #expect(try await status(last) == 200)
            #expect(try await bench.call("GET", "/vaults").status == 200)
            let users = try await bench.identity.users()
            try await bench.identity.setEnabled(false, user: try #require(users.first).id)
            #expect(try await status(last) == 401)
            _ = try await bench.call("GET", "/vaults", expecting: 401)
        }
    }
}
