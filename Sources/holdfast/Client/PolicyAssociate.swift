import ArgumentParser
import CBRClient

struct PolicyAssociate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "associate", abstract: "Let a policy hold for a vault.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "The policy's id or name.")
    var policy: String

    @Option(help: "The vault, by id or name.")
    var vault: String

    @Option(help: "Of a replication policy: the id of the other region's vault.")
    var destinationVault: String?

    func run() async throws {
        try await client.run { client in
            try await client.associate(
                client.policy(called: policy).id, withVault: client.vault(called: vault).id, true,
                destination: destinationVault)
        }
    }
}
