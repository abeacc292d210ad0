import ArgumentParser
import Endpoints
import Foundation
import HoldfastCore
import Repository
import Transfer

struct RepoRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Give a restore point back.",
        discussion: """
            A tree's contents land in the target directory, over what is there; an image lands in that file or device.
            What was written is verified. A restore that was cut off leaves its target marked; the same restore again
            finishes it.
            """)

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The restore point's id, or its first characters.")
    var id: String

    @Option(help: "A directory for a tree; a file or block device for an image.")
    var target: String

    @Option(
        help: ArgumentHelp(
            "Where to note how far the restore of a block device is, which has no room of its own: by default "
                + "holdfast/journals in XDG_STATE_HOME or ~/.local/state.", valueName: "directory"))
    var journal: String?

    @OptionGroup var progress: ProgressOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Remove what is in the target tree and not in the restore point.")
    var delete = false

    func run() async throws {
        let repository = try options.open()
        let point = try RepoRestorePoint.find(id, in: repository)
        let path = target.hasPrefix("/") ? target : FileManager.default.currentDirectoryPath + "/" + target
        let location: SourceLocation = point.description.kind == .tree ? .tree(path: path) : .image(path: path)
        let journalDirectory = try makeJournalDirectory(for: path)
        let outcome: RestoreOutcome
        let display = progress.display()
        do {
            outcome = try await restore(
                RestoreRequest(
                    restorePoint: point.id, target: location, deleteExtra: delete, journalDirectory: journalDirectory,
                    // A repository inside the target is no place for a restore, and nothing extra.
                    excludedDirectories: [try RepoBackup.location(of: options.repository).path]),
                from: repository,
                seams: .live, progress: display.show)
        } catch {
            display.end()
            throw CommandFailure(TransferSentence.text(error))
        }
        display.end()
        TransferSentence.show(outcome.warnings, count: outcome.warningCount)
        try output.show(Result(outcome, of: point)) {
            [
                "restored \(outcome.entryCount) entries, \(ByteText.text(outcome.writtenBytes)) written, "
                    + "\(ByteText.text(outcome.verifiedBytes)) verified"
            ]
        }
        progress.show(outcome.time)
        if outcome.warningCount > 0 {
            throw CommandFailure("\(outcome.warningCount) items could not be given back whole", exit: .partial)
        }
    }
}

extension RepoRestore {
    private struct Result: Encodable {
        let restorePoint: String
        let writtenBytes: Int64
        let verifiedBytes: Int64
        let entryCount: Int
        let warningCount: Int
        let warnings: [ItemWarning]
        let isResumed: Bool
        let time: TimeReport?

        init(_ outcome: RestoreOutcome, of point: RestorePoint) {
            restorePoint = point.id.text
            writtenBytes = outcome.writtenBytes
            verifiedBytes = outcome.verifiedBytes
            entryCount = outcome.entryCount
            warningCount = outcome.warningCount
            warnings = outcome.warnings
            isResumed = outcome.resumed
            time = outcome.time
        }
    }

    /// The place for a user's state after the XDG base directory specification.
    static func journalDirectory(_ environment: [String: String]) -> String {
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (state ?? FileManager.default.homeDirectoryForCurrentUser.path + "/.local/state") + "/holdfast/journals"
    }

    /// - Returns: nil for a target that is no block device.
    private func makeJournalDirectory(for path: String) throws -> String? {
        var found = stat()
        guard stat(path, &found) == 0, found.st_mode & S_IFMT == S_IFBLK else { return nil }
        let journal = journal ?? Self.journalDirectory(ProcessInfo.processInfo.environment)
        do { try FileManager.default.createDirectory(atPath: journal, withIntermediateDirectories: true) } catch {
            throw CommandFailure("no journal can be kept in \(journal); give another place with --journal")
        }
        return journal
    }
}

enum RepoRestorePoint {
    /// - Throws: ``CommandFailure`` when none or several begin with the text.
    static func find(_ text: String, in repository: Repository) throws -> RestorePoint {
        let found = try RepositoryOptions.translating { try repository.restorePoints() }
            .filter { $0.id.text.hasPrefix(text.lowercased()) }
        guard let first = found.first, !text.isEmpty else {
            throw CommandFailure("there is no restore point '\(text)'; 'repo list' shows them")
        }
        guard found.count == 1 else {
            throw CommandFailure("\(found.count) restore points begin with '\(text)'; give more of the id")
        }
        return first
    }
}
