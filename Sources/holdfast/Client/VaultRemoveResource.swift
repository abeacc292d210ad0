import ArgumentParser
import CBRClient

struct VaultRemoveResource: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-resource", abstract: "Take resources out of a vault, with their backups in it.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The vault's id or name.")
    var vault: String

    @Argument(help: "Ids or names of resources.")
    var resources: [String]

    func run() async throws {
        try await client.run { client in
            let vault = try await client.vault(called: vault)
            var ids: [String] = []
            for wanted in resources { ids.append(try await client.resource(called: wanted).id) }
            let reply = try await client.removeResources(ids, fromVault: vault.id)
            output.show(reply) { ids in TextTable(columns: ["REMOVED"], rows: ids.map { [$0] }) }
        }
    }
}
