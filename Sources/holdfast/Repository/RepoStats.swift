import ArgumentParser
import HoldfastCore
import Repository

struct RepoStats: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show how much is stored, and what restore points take of it.",
        discussion: """
            For restore points: what they restore; what is stored for them alone; what they share with others; and how \
            much the repository gets smaller, to the byte, by 'forget' and then 'prune --max-unused 0'.
            """)

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Ids of restore points, or their first characters, to account for together.")
    var ids: [String] = []

    func run() throws {
        let repository = try options.open()
        if ids.isEmpty { return try showAll(repository) }
        let points = Set(try ids.map { try RepoRestorePoint.find($0, in: repository).id })
        let account = try RepositoryOptions.translating { try repository.account(for: points) }
        try output.show(account) {
            TextTable(fields: [
                (name: "restore points", value: "\(account.restorePoints)"),
                (name: "restore", value: ByteText.text(account.logicalBytes)),
                (name: "stored for them alone", value: ByteText.text(account.uniqueBytes)),
                (name: "stored, shared with others", value: ByteText.text(account.sharedBytes)),
                (name: "freed when forgotten", value: "\(account.freedBytes) bytes"),
                (name: "of that, needed by none", value: "\(account.unneededBytes) bytes"),
            ])
        }
    }

    private func showAll(_ repository: Repository) throws {
        let statistics = try RepositoryOptions.translating { try repository.statistics() }
        try output.show(statistics) {
            var removal: [(name: String, value: String)] = []
            if let isRefused = statistics.storeRefusesRemoval {
                let reason = statistics.storeRefusalMissing ?? ""
                removal = [
                    ("locked", "\(statistics.lockedRestorePoints), \(statistics.heldRestorePoints) under a legal hold"),
                    ("store refuses removal", isRefused ? "yes" : "no: \(reason)"),
                ]
            }
            return TextTable(
                fields: [
                    (name: "restore points", value: "\(statistics.restorePoints)"),
                    (name: "restores", value: ByteText.text(statistics.logicalBytes)),
                    (name: "stored", value: ByteText.text(statistics.storedBytes)),
                    (name: "packs", value: "\(statistics.packs)"), (name: "chunks", value: "\(statistics.chunks)"),
                    (name: "index", value: ByteText.text(statistics.indexBytes)),
                ] + removal)
        }
    }
}
