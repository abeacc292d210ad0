import ArgumentParser
import CBRClient

struct ResourceShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one resource.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Its id or name.")
    var resource: String

    func run() async throws {
        try await client.run { client in
            let reply = try await client.resource(client.resource(called: resource).id)
            output.show(reply) { ResourceCommand.table([$0]) }
        }
    }
}
