import ArgumentParser
import CBRClient

struct VaultUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a vault; what is not given stays as it is.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Its id or name.")
    var vault: String

    @Option(help: "A new name.")
    var name: String?

    @Option(help: "A new capacity in GB, not below what is used.")
    var size: Int?

    @Option(help: "Percent of the capacity at which it counts as nearly full.")
    var threshold: Int?

    @OptionGroup(title: "Settings") var settings: VaultSettingOptions

    func validate() throws {
        guard name != nil || size != nil || threshold != nil || !settings.isEmpty else {
            throw ValidationError("give at least one thing to change")
        }
    }

    func run() async throws {
        try await client.run { client in
            var changes = VaultChanges(name: name, sizeGB: size, threshold: threshold)
            settings.apply(to: &changes)
            let reply = try await client.updateVault(client.vault(called: vault).id, changes)
            output.show(reply) { VaultCommand.table([$0]) }
        }
    }
}
