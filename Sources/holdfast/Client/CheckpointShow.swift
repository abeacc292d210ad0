import ArgumentParser
import CBRClient

struct CheckpointShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one restore point.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Its id.")
    var checkpoint: String

    func run() async throws {
        try await client.run { client in
            output.show(try await client.checkpoint(checkpoint), table: CheckpointCommand.table)
        }
    }
}
