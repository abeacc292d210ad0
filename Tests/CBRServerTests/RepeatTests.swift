import Catalog
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("A creating request that its sender names is carried out once")
struct RepeatTests {
    private static let body =
        #"{"vault":{"name":"v","billing":{"object_type":"disk","protect_type":"backup","size":10}}}"#

    private func create(
        _ bench: ServerBench, _ id: String?, _ body: String = body
    ) async throws -> RawHTTP.Reply {
        try await bench.signed(
            "POST", "/v3/\(bench.admin.projectID)/vaults", headers: id.map { [("X-Request-Id", $0)] } ?? [], body: body)
    }

    private func count(_ bench: ServerBench) async throws -> Int? {
        try await bench.call("GET", "/vaults").value("count", as: Int.self)
    }

    @Test("the same id and body give the same answer; another id, body, or none make another")
    func same() async throws {
        try await ServerBench.with { bench in
            let first = try await create(bench, "id-1")
            #expect(first.status == 200)
            let again = try await create(bench, "id-1")
            #expect(again.status == 200 && again.body == first.body)
            #expect(try await count(bench) == 1)
            #expect(try await create(bench, "id-2").body != first.body)
            #expect(try await create(bench, "id-1", Self.body.replacing("\"v\"", with: "\"w\"")).body != first.body)
            #expect(try await create(bench, nil).body != first.body)
            #expect(try await create(bench, nil).body != first.body)
            #expect(try await count(bench) == 5)
        }
    }

    @Test("what one user was answered is no other's, and not the same user's who may less")
    func users() async throws {
        try await ServerBench.with { bench in
            let (domain, project) = (DomainID(bench.admin.domainID), ProjectID(bench.admin.projectID))
            let vaults = "/v3/\(project)/vaults"
            var users: [String: (id: UserID, password: String)] = [:]
            for (name, role) in [("writer", Role.user), ("viewer", .viewer)] {
                let (user, password) = try await bench.identity.createUser(name: name, in: domain)
                try await bench.identity.grant(role, to: user.id, in: project)
                users[name] = (user.id, password)
            }
            let known = users
            func create(_ name: String) async throws -> RawHTTP.Reply {
                let user =
                    #"{"id":"\#(try #require(known[name]).id)","password":"\#(try #require(known[name]).password)"}"#
                let login = try await bench.login(
                    identity: #"{"methods":["password"],"password":{"user":\#(user)}}"#,
                    scope: #"{"project":{"id":"\#(project)"}}"#)
                let token = try #require(login.headers["x-subject-token"], "\(login.status)")
                return try await bench.bearing(
                    token, "POST", vaults, headers: [("X-Request-Id", "id-1")], body: Self.body)
            }
            let first = try await create("writer")
            #expect(first.status == 200)
            #expect(try await create("writer").body == first.body)
            #expect(try await create("viewer").status == 403)
            #expect(try await self.create(bench, "id-1").body != first.body)
            #expect(try await count(bench) == 2)
            try await bench.identity.grant(.viewer, to: try #require(known["writer"]).id, in: project)
            #expect(try await create("writer").status == 403)
        }
    }

    @Test("many at once make one")
    func atOnce() async throws {
        try await ServerBench.with { bench in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 { group.addTask { try await create(bench, "id-1").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.contains(200) && statuses.allSatisfy { $0 == 200 || $0 == 409 })
            #expect(try await count(bench) == 1)
        }
    }

    @Test("a refused one may be tried again, and after a minute the id is free")
    func later() async throws {
        let clock = ManualClock()
        try await ServerBench.with(seams: clock.seams) { bench in
            #expect(try await create(bench, "id-1", "{}").status == 400)
            #expect(try await create(bench, "id-1", "{}").status == 400, "it is refused for what it is")
            let first = try await create(bench, "id-1")
            clock.advance(by: .seconds(59))
            #expect(try await create(bench, "id-1").body == first.body)
            clock.advance(by: .seconds(2))
            #expect(try await create(bench, "id-1").body != first.body)
            #expect(try await count(bench) == 2)
            let left = try await bench.catalog.read { try $0.query("SELECT * FROM request_repeats").count }
            #expect(left == 1, "what is forgotten takes no room")
        }
    }

    @Test("one of which nobody knows how it ended is not carried out again")
    func unknown() async throws {
        try await ServerBench.with { bench in
            _ = try await create(bench, "id-1")
            _ = try await bench.catalog.write {
                try $0.execute("UPDATE request_repeats SET status = NULL, answer = NULL")
            }
            let reply = try await create(bench, "id-1")
            #expect(reply.status == 409 && reply.value("error_code") == "BackupService.9900")
            #expect(try await count(bench) == 1)
        }
    }
}
