import ArgumentParser
import CBRClient

struct CheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Restore points: one run over a vault's resources.",
        subcommands: [CheckpointCreate.self, CheckpointShow.self])

    static func table(_ checkpoint: Checkpoint) -> TextTable {
        TextTable(
            columns: ["RESTORE POINT", "STATUS", "RESOURCE", "NAME", "STATE"],
            rows: (checkpoint.vault.resources ?? []).map { member in
                [checkpoint.id, checkpoint.status, member.id, member.name ?? "-", member.protectStatus ?? "-"]
            }
                + checkpoint.skipped.map { skipped in
                    [
                        checkpoint.id, checkpoint.status, skipped.id, skipped.name ?? "-",
                        "skipped: \(skipped.reason ?? "")",
                    ]
                })
    }
}
