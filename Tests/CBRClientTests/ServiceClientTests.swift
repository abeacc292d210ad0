import CBRClient
import Foundation
import Synchronization
import Testing

@Suite("The client")
struct ServiceClientTests {
    private static let credentials = Credentials(
        proof: .password(user: .name("admin", domain: .name("default")), password: "secret"), project: .id("p1"),
        identityURL: "http://127.0.0.1:1/v3", serviceURL: "http://127.0.0.1:1")

    @Test("logs in once, and sends the token with every call")
    func token() async throws {
        let service = FakeService()
        let client = ServiceClient(credentials: Self.credentials, transport: service)
        _ = try await client.vaults()
        _ = try await client.vaults()
        #expect(service.paths == ["/v3/auth/tokens", "/v3/p1/vaults", "/v3/p1/vaults"])
        #expect(service.tokens == [nil, "t1", "t1"])
    }

    @Test("fetches a new token once when the service refuses the old one")
    func renewed() async throws {
        let service = FakeService(refusing: ["t1"])
        _ = try await ServiceClient(credentials: Self.credentials, transport: service).vaults()
        #expect(service.tokens == [nil, "t1", nil, "t2"])

        let hopeless = FakeService(refusing: ["t1", "t2", "t3"])
        await #expect(throws: ClientError.self) {
            _ = try await ServiceClient(credentials: Self.credentials, transport: hopeless).vaults()
        }
        #expect(hopeless.tokens == [nil, "t1", nil, "t2"], "and only once")
    }

    @Test("shows the service's own code and sentence")
    func refusal() async throws {
        let service = FakeService(
            answer: HTTPAnswer(
                status: 404,
                body: Data(#"{"error_code":"BackupService.6105","error_msg":"there is no vault v1"}"#.utf8)))
        let error = await #expect(throws: ClientError.self) {
            _ = try await ServiceClient(credentials: Self.credentials, transport: service).vault("v1")
        }
        #expect(error?.code == .refused)
        #expect(error?.status == 404)
        #expect(error?.errorCode == "BackupService.6105")
        #expect(error?.message.contains("there is no vault v1") == true)
    }

    @Test("passes an id on as one part of the path, whatever is in it")
    func encoding() async throws {
        let service = FakeService(answer: HTTPAnswer(status: 404, body: Data("{}".utf8)))
        _ = try? await ServiceClient(credentials: Self.credentials, transport: service).vault("a/../b?c d")
        #expect(service.paths.last == "/v3/p1/vaults/a%2F..%2Fb%3Fc%20d")
    }

    @Test("answers a sharing as its own project, and lists what is shared with it")
    func sharing() async throws {
        let member = #"{"member":{"id":"m","backup_id":"b","dest_project_id":"p1","status":"accepted","vault_id":"v"}}"#
        let service = FakeService(answer: HTTPAnswer(status: 200, body: Data(member.utf8)))
        let client = ServiceClient(credentials: Self.credentials, transport: service)
        let accepted = try await client.acceptBackup("b", intoVault: "v").value
        #expect(accepted.destProjectID == "p1" && accepted.vaultID == "v" && accepted.status == "accepted")
        #expect(service.paths.last == "/v3/p1/backups/b/members/p1")
        #expect(service.bodies.last == #"{"status":"accepted","vault_id":"v"}"#)
        _ = try await client.rejectBackup("b")
        #expect(service.bodies.last == #"{"status":"rejected"}"#)
        _ = try? await client.backups(.init(ownType: "shared"))
        #expect(service.queries.last?.contains("own_type=shared") == true)
    }

    @Test("says which variables are missing")
    func environment() {
        let error = #expect(throws: ClientError.self) {
            _ = try Credentials.read(environment: ["OS_USERNAME": "admin", "OS_PASSWORD": "secret"])
        }
        #expect(error?.code == .credentialsMissing)
        #expect(error?.message.contains("OS_AUTH_URL") == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test("reads the file that the first start writes")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.path + "/holdfast-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = """
            {"endpoint":"http://127.0.0.1:9","iam_endpoint":"http://127.0.0.1:9","region":"r","domain_id":"d",
             "domain_name":"default","project_id":"p","project_name":"r","user_name":"admin","password":"x",
             "access_key":"a","secret_key":"s"}
            """
        try Data(text.utf8).write(to: URL(filePath: path))
        let credentials = try Credentials.read(file: path)
        #expect(credentials.identityURL == "http://127.0.0.1:9/v3")
        #expect(credentials.project == .id("p"))
        #expect(throws: ClientError.self) { _ = try Credentials.read(file: path + ".missing") }
    }
}

/// Hands out tokens `t1`, `t2`, … and answers every call alike.
private final class FakeService: HTTPTransport {
    private struct State {
        var requests: [HTTPRequest] = []
        var issued = 0
    }

    private let state = Mutex(State())
    private let refused: Set<String>
    private let answer: HTTPAnswer

    init(
        refusing refused: Set<String> = [],
        answer: HTTPAnswer = HTTPAnswer(status: 200, body: Data(#"{"vaults":[],"count":0}"#.utf8))
    ) {
        self.refused = refused
        self.answer = answer
    }

    var paths: [String] { state.withLock { $0.requests.map { $0.url.path(percentEncoded: true) } } }
    var bodies: [String] {
        state.withLock { $0.requests.map { String(decoding: $0.body ?? Data(), as: UTF8.self) } }
    }
    var queries: [String] { state.withLock { $0.requests.map { $0.url.query() ?? "" } } }
    var tokens: [String?] { state.withLock { $0.requests.map { $0.headers["X-Auth-Token"] } } }

    func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        let issued = state.withLock { state in
            state.requests.append(request)
            if request.url.path() == "/v3/auth/tokens" { state.issued += 1 }
            return state.issued
        }
        if request.url.path() == "/v3/auth/tokens" {
            let body = #"{"token":{"project":{"id":"p1","name":"p"},"catalog":[]}}"#
            return HTTPAnswer(status: 201, headers: ["x-subject-token": "t\(issued)"], body: Data(body.utf8))
        }
        guard let token = request.headers["X-Auth-Token"], !refused.contains(token) else {
            return HTTPAnswer(status: 401, body: Data(#"{"error_code":"APIGW.0301","error_msg":"no"}"#.utf8))
        }
        return answer
    }
}
