import ArgumentParser
import CBRClient

struct ResourceList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the resources of the project.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await client.run { client in
            output.show(try await client.resources(), table: ResourceCommand.table)
        }
    }
}
