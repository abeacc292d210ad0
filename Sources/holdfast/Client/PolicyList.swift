import ArgumentParser
import CBRClient

struct PolicyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the policies of the project.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await client.run { client in output.show(try await client.policies(), table: PolicyCommand.table) }
    }
}

struct PolicyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one policy.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Its id or name.")
    var policy: String

    func run() async throws {
        try await client.run { client in
            let reply = try await client.policy(client.policy(called: policy).id)
            output.show(reply) { PolicyCommand.table([$0]) }
        }
    }
}

struct PolicyDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a policy. What it made stays, and nothing removes it by this policy.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "Its id or name.")
    var policy: String

    func run() async throws {
        try await client.run { client in try await client.deletePolicy(client.policy(called: policy).id) }
    }
}
