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

    @Flag(help: "Remove what is in the target tree and not in the restore point.")
    var delete = false

    func run() async throws {
        let repository = try options.open()
        let point = try RepoRestorePoint.find(id, in: repository)
        let path = target.hasPrefix("/") ? target : FileManager.default.currentDirectoryPath + "/" + target
        let location: SourceLocation = point.description.kind == .tree ? .tree(path: path) : .image(path: path)
        let outcome: RestoreOutcome
        do {
            outcome = try await restore(
                RestoreRequest(restorePoint: point.id, target: location, deleteExtra: delete), from: repository,
                seams: .live
            ) { _ in }
        } catch { throw CommandFailure(TransferSentence.text(error)) }
        TransferSentence.show(outcome.warnings, count: outcome.warningCount)
        Output.line(
            "restored \(outcome.entryCount) entries, \(ByteText.text(outcome.writtenBytes)) written, "
                + "\(ByteText.text(outcome.verifiedBytes)) verified")
        if outcome.warningCount > 0 {
            throw CommandFailure("\(outcome.warningCount) items could not be given back whole", exit: .partial)
        }
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
