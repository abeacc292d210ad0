import ArgumentParser
import Foundation
import HoldfastCore
import Repository

struct RepoList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the restore points, newest first.",
        discussion: "Ends with 3 when there are some that can't be read; they are named on standard error.")

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var output: OutputOptions

    private struct Item: Encodable {
        let id: String
        let createdAt: Date
        let kind: String
        let source: String
        let logicalBytes: Int64
        let storedBytes: Int64
        let entryCount: Int
        let warningCount: Int
        let labels: [String: String]
        /// Nil when it is not locked, or for ever.
        let lockedUntil: Date?
        let isLocked: Bool
        let isHeld: Bool

        var kept: String {
            if isHeld { return "held" }
            guard isLocked else { return "-" }
            return lockedUntil?.formatted(.iso8601) ?? "for ever"
        }
    }

    func run() throws {
        let repository = try options.open()
        let (points, damaged) = try RepositoryOptions.translating { try repository.restorePointList() }
        let protections = try RepositoryOptions.translating { try repository.protections() }
        let items = points.map { point in
            let description = point.description
            let bar = protections[point.id]?.bar(now: Seams.live.now())
            var lockedUntil: Date?
            if case .locked(.until(let date)) = bar { lockedUntil = date }
            var isHeld = false
            if case .held = bar { isHeld = true }
            return Item(
                id: point.id.text, createdAt: description.createdAt, kind: description.kind.rawValue,
                source: description.source, logicalBytes: description.logicalBytes,
                storedBytes: description.storedBytes, entryCount: description.entryCount,
                warningCount: description.warningCount, labels: description.labels,
                lockedUntil: lockedUntil, isLocked: bar != nil, isHeld: isHeld)
        }
        try output.show(items) {
            TextTable(
                columns: [
                    "ID", "CREATED", "KIND", "SIZE", "STORED", "SOURCE", "VAULT", "RESOURCE", "BACKUP", "LOCKED",
                ],
                rows: items.map { item in
                    [
                        item.id, item.createdAt.formatted(.iso8601), item.kind, ByteText.text(item.logicalBytes),
                        ByteText.text(item.storedBytes), item.source, item.labels["vault_name"] ?? "-",
                        item.labels["resource_name"] ?? "-", item.labels["backup_name"] ?? "-",
                        item.kept,
                    ]
                })
        }
        for error in damaged { TransferSentence.line(error.message) }
        if !damaged.isEmpty {
            throw CommandFailure("\(damaged.count) restore points can't be read", exit: .partial)
        }
    }
}
