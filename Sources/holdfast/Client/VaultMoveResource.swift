import ArgumentParser
import CBRClient

struct VaultMoveResource: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move-resource", abstract: "Move resources with all their backups to another vault.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The id or name of the vault they are in.")
    var vault: String

    @Argument(help: "Ids or names of resources.")
    var resources: [String]

    @Option(help: "The id or name of the vault they go to.")
    var to: String

    func run() async throws {
        try await client.run { client in
            let source = try await client.vault(called: vault)
            let destination = try await client.vault(called: to)
            var ids: [String] = []
            for wanted in resources { ids.append(try await client.resource(called: wanted).id) }
            let reply = try await client.moveResources(ids, fromVault: source.id, toVault: destination.id)
            output.show(reply) { ids in TextTable(columns: ["MOVED"], rows: ids.map { [$0] }) }
        }
    }
}
