import ArgumentParser
import CBRClient

struct OperationWaitFor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until operations are done, showing progress.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "Their ids.")
    var operations: [String]

    func run() async throws {
        try await client.run { client in try await OperationWait(client: client).finish(operations) }
    }
}
