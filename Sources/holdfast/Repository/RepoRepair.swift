import ArgumentParser
import Repository

struct RepoRepair: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Take damage out of the repository, and save all that is whole.",
        discussion: """
            What is lost is stored again by the next backups whose source still has it. 'repo check' says which restore \
            points are hit. Ends with 3 when chunks are lost.
            """)

    @OptionGroup var options: RepositoryOptions

    func run() throws {
        let repository = try options.open()
        let report = try RepositoryOptions.translating { try repository.repair() }
        for fault in report.unreadable { TransferSentence.line("\(fault.place): \(fault.message)") }
        Output.line(
            "\(report.removedPacks) damaged packs: \(report.savedChunks) chunks saved, \(report.lostChunks) lost; "
                + "\(report.removedSegments) damaged parts of the index, \(report.indexedPacks) packs in it again")
        if report.lostChunks + report.unreadable.count > 0 {
            throw CommandFailure("not all could be saved; 'repo check' names what is hit", exit: .partial)
        }
    }
}
