import ArgumentParser
import CBRClient

struct PolicyPreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show when a policy runs next, and which backups it keeps and removes, and why. Changes nothing.",
        discussion: "With rules to keep, it shows what they would do in place of the policy's own.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var keeps: RetentionOptions

    @Argument(help: "Its id or name.")
    var policy: String

    func run() async throws {
        try await client.run { client in
            let reply = try await client.previewPolicy(
                client.policy(called: policy).id, keeping: keeps.isEmpty ? nil : keeps.rules)
            output.show(reply, table: Self.table)
            guard case .table = output.format else { return }
            Output.line(
                "next runs: " + (reply.value.nextRuns.isEmpty ? "none" : reply.value.nextRuns.joined(separator: ", ")))
        }
    }

    private static func table(_ preview: PolicyPreview) -> TextTable {
        TextTable(
            columns: ["VAULT", "BACKUP", "NAME", "RESOURCE", "CREATED", "FATE", "WHY", "BY ITS RULES"],
            rows: preview.vaults.flatMap { vault in
                vault.backups.map { backup in
                    [
                        vault.vaultID, backup.backupID, backup.name, backup.resourceName, backup.createdAt,
                        backup.keep ? "stays" : "goes", backup.reasons.joined(separator: "; "),
                        (backup.keepByRules ? "stays: " : "goes: ") + backup.ruleReasons.joined(separator: "; "),
                    ]
                }
            })
    }
}
