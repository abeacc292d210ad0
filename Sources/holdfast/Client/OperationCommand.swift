import ArgumentParser
import CBRClient

struct OperationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operation", abstract: "Long-running tasks: progress, outcome, error.",
        subcommands: [OperationList.self, OperationShow.self, OperationWaitFor.self])

    static func table(_ logs: [OperationLog]) -> TextTable {
        TextTable(
            columns: ["ID", "TYPE", "STATUS", "PROGRESS", "VAULT", "STARTED", "WARNINGS", "ERROR"],
            rows: logs.map { log in
                [
                    log.id, log.operationType ?? "-", log.status, "\(log.extraInfo?.common?.progress ?? 0)%",
                    log.vaultName ?? "-", log.startedAt ?? "-", "\(log.warningCount)", log.errorInfo?.message ?? "",
                ]
            })
    }
}
