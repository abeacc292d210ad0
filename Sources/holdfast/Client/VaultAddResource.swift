import ArgumentParser
import CBRClient

struct VaultAddResource: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-resource", abstract: "Put resources into a vault.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The vault's id or name.")
    var vault: String

    @Argument(help: "Ids or names of resources.")
    var resources: [String]

    func run() async throws {
        try await client.run { client in
            let vault = try await client.vault(called: vault)
            var references: [ResourceReference] = []
            for wanted in resources {
                let found = try await client.resource(called: wanted)
                references.append(ResourceReference(id: found.id, type: found.type))
            }
            let reply = try await client.addResources(references, toVault: vault.id)
            output.show(reply) { ids in TextTable(columns: ["ADDED"], rows: ids.map { [$0] }) }
        }
    }
}
