import ArgumentParser
import HoldfastCore
import Repository

struct RepoStats: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show how much is stored, and how much of it restores.")

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let repository = try options.open()
        let statistics = try RepositoryOptions.translating { try repository.statistics() }
        try output.show(statistics) {
            TextTable(fields: [
                (name: "restore points", value: "\(statistics.restorePoints)"),
                (name: "restores", value: ByteText.text(statistics.logicalBytes)),
                (name: "stored", value: ByteText.text(statistics.storedBytes)),
                (name: "packs", value: "\(statistics.packs)"), (name: "chunks", value: "\(statistics.chunks)"),
                (name: "index", value: ByteText.text(statistics.indexBytes)),
            ])
        }
    }
}
