import ArgumentParser
import CBRClient

struct PolicyDissociate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dissociate", abstract: "End that a policy holds for a vault.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "The policy's id or name.")
    var policy: String

    @Option(help: "The vault, by id or name.")
    var vault: String

    func run() async throws {
        try await client.run { client in
            try await client.associate(
                client.policy(called: policy).id, withVault: client.vault(called: vault).id, false)
        }
    }
}
