import ArgumentParser
import Repository

struct RepoRebuildIndex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild-index", abstract: "Ask the packs what is in them, for an index that was lost or damaged.",
        discussion: "Changes nothing that is there, and may be interrupted. Ends with 3 when packs can't be read.")

    @OptionGroup var options: RepositoryOptions

    func run() throws {
        let repository = try options.open()
        let rebuilt = try RepositoryOptions.translating { try repository.rebuildIndex() }
        for fault in rebuilt.damaged { TransferSentence.line("\(fault.place): \(fault.message)") }
        Output.line("\(rebuilt.packs) packs with \(rebuilt.chunks) chunks are in the index again")
        if !rebuilt.damaged.isEmpty {
            throw CommandFailure("\(rebuilt.damaged.count) packs can't say what is in them", exit: .partial)
        }
    }
}
