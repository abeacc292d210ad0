import CHoldfast
import Catalog
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import ServerAssembly

@Suite("A server's first start, and what administrators do while it runs")
struct ServerLifeTests {
    @Test("the first start writes the credentials, which log in; the next one keeps them")
    func credentials() async throws {
        try await withTemporaryDirectory { folder in
            var first: [String: String] = [:]
            try await Self.serve(folder) { http, credentials in
                first = credentials
                #expect(
                    Set(credentials.keys) == [
                        "endpoint", "iam_endpoint", "region", "domain_id", "domain_name", "project_id", "project_name",
                        "user_name", "password", "access_key", "secret_key",
                    ])
                #expect(credentials["endpoint"] == "http://127.0.0.1:\(http.port)")
                #expect(credentials["project_name"] == credentials["region"])
                let status = try await Self.login(http, credentials)
                #expect(status == 201)
                let ready = try await http.send("GET", "/readyz")
                #expect(ready.status == 200)
                for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                    var facts = stat()
                    #expect(stat(folder + "/" + name, &facts) == 0)
                    #expect(facts.st_mode & 0o077 == 0, "\(name) can be read by others")
                }
            }
            try await Self.serve(folder) { http, credentials in
                for (key, text) in first where !key.hasSuffix("endpoint") { #expect(credentials[key] == text) }
                #expect(credentials["endpoint"] == "http://127.0.0.1:\(http.port)")
                let status = try await Self.login(http, credentials)
                #expect(status == 201)
            }
        }
    }

    @Test("what is rotated, disabled and granted beside a running server holds from its next request")
    func administration() async throws {
        try await withTemporaryDirectory { folder in
            try await Self.serve(folder) { http, credentials in
                let project = credentials["project_id"] ?? ""
                let made = try await Self.administer(folder) {
                    try await $0.createUser(name: "bob", role: ("cbr_viewer", project))
                }
                var bob = credentials
                bob["user_name"] = "bob"
                bob["password"] = made.password
                #expect(made.roles.map(\.role) == ["cbr_viewer"])
                let before = try await Self.login(http, bob)
                #expect(before == 201)

                let rotated = try await Self.administer(folder) { try await $0.rotatePassword(of: "bob") }
                let old = try await Self.login(http, bob)
                #expect(old == 401)
                bob["password"] = rotated.password
                let new = try await Self.login(http, bob)
                #expect(new == 201)

                let shown = try await Self.administer(folder) { try await $0.user("bob") }
                #expect(shown.password == nil)
                _ = try await Self.administer(folder) { try await $0.setEnabled(false, user: "bob") }
                let disabled = try await Self.login(http, bob)
                #expect(disabled == 401)
            }
            // And with the server stopped.
            let keys = try await Self.administer(folder) { try await $0.accessKeys() }
            #expect(keys.count == 1 && keys[0].secretKey == nil)
            let rotated = try await Self.administer(folder) { try await $0.rotateAccessKey(keys[0].accessKey) }
            #expect(rotated.secretKey?.isEmpty == false)
            let gone = try await Self.administer(folder) { try await $0.deleteUser("bob") }
            #expect(gone.name == "bob")
            try await Self.serve(folder) { http, credentials in
                let status = try await Self.login(http, credentials)
                #expect(status == 201, "the start does not mind that the key in the file is gone")
            }
        }
    }

    @Test("names that are not there are named, and a directory without a catalog is left as it is")
    func refusals() async throws {
        try await withTemporaryDirectory { folder in
            try await expectRefusal("no catalog") { try await Self.administer(folder) { try await $0.users() } }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            try await Self.serve(folder) { _, _ in }
            try await expectRefusal("'nobody'") { try await Self.administer(folder) { try await $0.user("nobody") } }
            try await expectRefusal("'nowhere'") {
                try await Self.administer(folder) { try await $0.createUser(name: "c", role: ("cbr_user", "nowhere")) }
            }
            try await expectRefusal("'root'") {
                try await Self.administer(folder) { try await $0.grant(role: "root", to: "admin", in: "local-1") }
            }
            try await expectRefusal("'AK'") { try await Self.administer(folder) { try await $0.accessKey("AK") } }
            let users = try await Self.administer(folder) { try await $0.users() }
            #expect(users.map(\.name) == ["admin"], "a refused creation leaves no user")
        }
    }

    @Test("a catalog of a newer version is refused with one sentence")
    func newerCatalog() async throws {
        try await withTemporaryDirectory { folder in
            try await Self.serve(folder) { _, _ in }
            let catalog = try await SQLiteCatalog.open(
                path: folder + "/catalog.sqlite", migrations: CoreMigrations.all + IdentityMigrations.all, seams: .live)
            _ = try await catalog.write { transaction in
                try transaction.execute(
                    "INSERT INTO schema_migrations (name, applied_at) VALUES ('core-999-future', 0)")
            }
            try await catalog.close()
            await #expect(throws: StartError.self) { try await Self.server(folder).run() }
            try await expectRefusal("newer version") { try await Self.administer(folder) { try await $0.users() } }
        }
    }

    // MARK: A server in this process

    static func server(_ folder: String) throws -> HoldfastServer {
        var configuration = try ServerConfiguration(
            ResolvedConfiguration(
                values: Setting.all.map { setting in
                    let text =
                        switch setting.key {
                        case "data": folder
                        case "listen": "127.0.0.1:0"
                        default: setting.standard
                        }
                    return .init(setting: setting, text: text, source: "test")
                }))
        configuration.logLevel = "error"
        return HoldfastServer(configuration, seams: .live) { _ in }
    }

    /// Starts a server, waits until it listens, runs `body`, and stops it.
    static func serve(
        _ folder: String, _ body: (_ http: RawHTTP, _ credentials: [String: String]) async throws -> Void
    ) async throws {
        let server = try server(folder)
        let running = Task { try await server.run() }
        let stale = try? Data(contentsOf: URL(filePath: folder + "/admin-credentials.json"))
        var credentials: [String: String] = [:]
        try await eventually("the server listens") {
            guard let bytes = try? Data(contentsOf: URL(filePath: folder + "/admin-credentials.json")), bytes != stale
            else { return false }
            credentials = try JSONDecoder().decode([String: String].self, from: bytes)
            return true
        }
        let http = RawHTTP(port: URL(string: credentials["endpoint"] ?? "")?.port ?? 0)
        do {
            // The file is written before the administrator in it is made: the server is ready when both are there.
            try await eventually("the server is ready") { try await http.send("GET", "/readyz").status == 200 }
            try await body(http, credentials)
        } catch {
            running.cancel()
            _ = await running.result
            throw error
        }
        running.cancel()
        _ = await running.result
    }

    static func login(_ http: RawHTTP, _ credentials: [String: String]) async throws -> Int {
        let body = """
            {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"\(credentials["user_name"] ?? "")",\
            "password":"\(credentials["password"] ?? "")","domain":{"name":"\(credentials["domain_name"] ?? "")"}}}}}}
            """
        return try await http.send("POST", "/v3/auth/tokens", body: Array(body.utf8)).status
    }

    static func administer<Value: Sendable>(
        _ folder: String, _ body: @Sendable (IdentityAdministration) async throws -> Value
    ) async throws -> Value {
        try await IdentityAdministration.with(data: folder, seams: .live, body)
    }

    private func expectRefusal<Value>(
        _ part: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
    ) async throws {
        do {
            _ = try await body()
            Issue.record("not refused", sourceLocation: sourceLocation)
        } catch let error as AdministrationError {
            #expect(error.message.contains(part), sourceLocation: sourceLocation)
        }
    }
}
