import ArgumentParser
import CBRClient

struct OperationShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one operation.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Its id.")
    var operation: String

    func run() async throws {
        try await client.run { client in
            output.show(try await client.operation(operation)) { OperationCommand.table([$0]) }
        }
    }
}
