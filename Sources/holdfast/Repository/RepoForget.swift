import ArgumentParser
import HoldfastCore
import Repository

struct RepoForget: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Remove restore points. The others are not touched.",
        discussion: """
            One that is locked stays until its time has come, and one under a legal hold until the server ends the hold: \
            then nothing is removed at all. 'repo list' shows them.
            """)

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "Ids, or their first characters.")
    var ids: [String]

    func run() throws {
        let repository = try options.open()
        // All are looked up before any goes: a mistyped id must not leave half the work done.
        let points = try ids.map { try RepoRestorePoint.find($0, in: repository) }
        for point in points { try RepositoryOptions.translating { try repository.mustBeRemovable(point.id) } }
        for point in points {
            try RepositoryOptions.translating { try repository.forget(point.id) }
            Output.line("forgot \(point.id)")
        }
    }
}
