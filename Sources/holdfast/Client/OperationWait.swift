import CBRClient
import Foundation
import HoldfastCore

/// Follows operations to their end, and shows how far they are: a bar on a terminal, plain lines elsewhere.
struct OperationWait {
    private static let pollEvery = Duration.milliseconds(200)

    let client: ServiceClient
    let seams: Seams
    private let progress: ProgressDisplay

    init(client: ServiceClient, seams: Seams = .live) {
        self.client = client
        self.seams = seams
        progress = ProgressDisplay(isTerminal: isatty(STDERR_FILENO) == 1, uptime: seams.uptime)
    }

    /// - Throws: ``CommandFailure``: with 1 when an operation failed, with 3 when one left items out.
    func finish(_ ids: [String]) async throws {
        var logs: [OperationLog] = []
        while true {
            logs = []
            for id in ids { logs.append(try await client.operation(id).value) }
            progress.show(logs)
            if logs.allSatisfy(\.isOver) { break }
            try await seams.sleep(Self.pollEvery)
        }
        progress.end()
        if let failed = logs.first(where: { !$0.isSuccess }) {
            let code = failed.errorInfo?.code.map { " (\($0))" } ?? ""
            throw CommandFailure("the operation failed: \(failed.errorInfo?.message ?? failed.status)\(code)")
        }
        let warned = logs.reduce(0) { $0 + $1.warningCount }
        guard warned > 0 else { return }
        for warning in logs.compactMap(\.extraInfo?.holdfast?.warnings).joined().prefix(20) {
            progress.line("warning: \(warning.path ?? "?"): \(warning.message ?? warning.reason ?? "")")
        }
        throw CommandFailure("done, but \(warned) items were left out or could not be read whole", exit: .partial)
    }
}
