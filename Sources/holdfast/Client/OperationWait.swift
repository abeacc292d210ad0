import CBRClient
import Foundation
import HoldfastCore

/// Follows operations to their end, and shows how far they are: a bar on a terminal, plain lines elsewhere.
struct OperationWait {
    private static let pollEvery = Duration.milliseconds(200)
    /// A server that is started again, also after an update, is back within this.
    private static let outageMax = Duration.seconds(60)

    let client: ServiceClient
    let seams: Seams
    private let progress: ProgressDisplay

    init(client: ServiceClient, seams: Seams = .live) {
        self.client = client
        self.seams = seams
        progress = ProgressDisplay(isTerminal: isatty(STDERR_FILENO) == 1, uptime: seams.uptime)
    }

    /// Asks again while the server does not answer: the operation goes on when it is back, and nothing is changed here.
    private func log(of id: String) async throws -> OperationLog {
        var outageBegan: Duration?
        var pause = Self.pollEvery
        while true {
            do {
                let log = try await client.operation(id).value
                if outageBegan != nil { progress.line("the server answers again") }
                return log
            } catch let error as ClientError where error.isRetryable {
                let began = outageBegan ?? seams.uptime()
                guard seams.uptime() - began < Self.outageMax else { throw error }
                if outageBegan == nil { progress.line("waiting for the server: \(error.message)") }
                outageBegan = began
                try await seams.sleep(pause)
                pause = min(pause * 2, .seconds(2))
            }
        }
    }

    /// - Throws: ``CommandFailure``: with 1 when an operation failed, with 3 when one left items out.
    func finish(_ ids: [String]) async throws {
        var logs: [OperationLog] = []
        while true {
            logs = []
            for id in ids { logs.append(try await log(of: id)) }
            progress.show(ProgressReading(logs))
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

extension ProgressReading {
    /// Several operations as one.
    init(_ logs: [OperationLog]) {
        let percents = logs.map { $0.extraInfo?.common?.progress ?? 0 }
        let transfers = logs.compactMap(\.extraInfo?.holdfast)
        self.init(
            percent: percents.isEmpty ? 0 : percents.reduce(0, +) / percents.count,
            doneBytes: transfers.reduce(0) { $0 + ($1.doneBytes ?? 0) },
            totalBytes: transfers.reduce(0) { $0 + ($1.totalBytes ?? 0) },
            isOver: !logs.isEmpty && logs.allSatisfy(\.isSuccess))
    }
}
