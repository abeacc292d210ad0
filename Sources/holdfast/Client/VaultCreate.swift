import ArgumentParser
import CBRClient

struct VaultCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a vault.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "1 to 64 letters, digits, '_' and '-'.")
    var name: String

    @Option(help: "What it holds: turbo for directory trees, disk for images and block devices.")
    var type = "turbo"

    @Option(help: "Its capacity in GB, from 10.")
    var size = 100

    @Option(help: "Up to 64 characters.")
    var description: String?

    @Option(help: "A resource to put in, by id or name; may be given again.")
    var resource: [String] = []

    @OptionGroup(title: "Settings") var settings: VaultSettingOptions

    func run() async throws {
        try await client.run { client in
            var references: [ResourceReference] = []
            for wanted in resource {
                let found = try await client.resource(called: wanted)
                references.append(ResourceReference(id: found.id, type: found.type))
            }
            var vault = NewVault(
                name: name, description: description, objectType: type, sizeGB: size, resources: references)
            settings.apply(to: &vault)
            let reply = try await client.createVault(vault)
            output.show(reply) { VaultCommand.table([$0]) }
        }
    }
}
