import ArgumentParser
import CBRClient

struct VaultShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one vault and the resources in it.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Its id or name.")
    var vault: String

    func run() async throws {
        try await client.run { client in
            let reply = try await client.vault(client.vault(called: vault).id)
            output.show(reply) { VaultCommand.table([$0]) }
            guard output.format == .table, !reply.value.resources.isEmpty else { return }
            let members = TextTable(
                columns: ["RESOURCE", "NAME", "TYPE", "STATUS", "BACKUPS"],
                rows: reply.value.resources.map { member in
                    [
                        member.id, member.name ?? "-", member.type, member.protectStatus ?? "-",
                        "\(member.backupCount ?? 0)",
                    ]
                })
            Output.line("\n" + members.text)
        }
    }
}
