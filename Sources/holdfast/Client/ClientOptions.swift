import ArgumentParser
import CBRClient
import Foundation

/// How client verbs find the service, and as whom they call it.
struct ClientOptions: ParsableArguments {
    @Option(help: "The credentials file that the server's first start wrote; HOLDFAST_CREDENTIALS names one too.")
    var credentials: String?

    /// A file wins over the OS_* variables that OpenStack users have set.
    func connect() throws -> ServiceClient {
        let environment = ProcessInfo.processInfo.environment
        do {
            if let file = credentials ?? environment["HOLDFAST_CREDENTIALS"] {
                return ServiceClient(credentials: try Credentials.read(file: file))
            }
            return ServiceClient(credentials: try Credentials.read(environment: environment))
        } catch let error as ClientError { throw CommandFailure(error.message) }
    }

    /// Runs a verb with a connection; what the service refuses becomes one sentence.
    func run(_ body: (ServiceClient) async throws -> Void) async throws {
        let client = try connect()
        do { try await body(client) } catch let error as ClientError {
            throw CommandFailure(error.message)
        }
    }
}

extension OutputOptions {
    /// The service's own JSON, or the table made of the value.
    func show<Value>(_ reply: Reply<Value>, table: (Value) -> TextTable) {
        switch format {
        case .json: Output.line(String(decoding: reply.json, as: UTF8.self))
        case .table: Output.line(table(reply.value).text)
        }
    }
}
