import ArgumentParser
import CBRClient

struct ResourceRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a resource that is in no vault. Its bytes are not touched.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "Its id or name.")
    var resource: String

    func run() async throws {
        try await client.run { client in try await client.removeResource(client.resource(called: resource).id) }
    }
}
