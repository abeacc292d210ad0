import ArgumentParser
import Foundation
import HoldfastCore
import ObjectStorage
import Repository
import Transfer

struct RepoCopy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy restore points to another repository, moving only what it lacks.",
        discussion: """
            The target is made with 'repo init' and has keys of its own. Restore points keep their moments, sources and \
            labels, and get the labels origin_repository and origin_restore_point, by which a second copy knows what is \
            there. A copy that was cut off goes on where it was. Ends with 3 when a restore point can't be read whole: it \
            is left out, and the others are copied.
            """)

    @OptionGroup var options: RepositoryOptions

    @Option(help: ArgumentHelp("The target repository's directory.", valueName: "dir"))
    var to: String

    @Option(help: ArgumentHelp("The target's key file.", valueName: "file"))
    var toKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "A file whose first line is a passphrase that opens the target; the variable HOLDFAST_TO_PASSPHRASE may hold one too.",
            valueName: "file"))
    var toPassphraseFile: String?

    @Flag(help: "Read and verify everything, trusting no earlier copy.")
    var full = false

    @OptionGroup var progress: ProgressOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Ids of restore points, or their first characters; none: all that the target does not have yet.")
    var ids: [String] = []

    private struct Result: Encodable {
        struct Copied: Encodable {
            let source: String
            let target: String
            let storedBytes: Int64
        }
        struct Failed: Encodable {
            let source: String
            let message: String
        }
        let copied: [Copied]
        let failed: [Failed]
        let presentCount: Int
        let readBytes: Int64
        let storedBytes: Int64
    }

    func validate() throws { _ = try access().keyChoice() }

    func run() async throws {
        let source = try options.open()
        let target = try access().open()
        let chosen = try ids.map { try RepoRestorePoint.find($0, in: source).id }
        let outcome: CopyOutcome
        let display = progress.display()
        do {
            outcome = try await copyRestorePoints(
                CopyRequest(restorePoints: chosen, rereadAll: full), from: source, to: target, seams: .live,
                progress: display.show)
        } catch {
            display.end()
            throw CommandFailure(TransferSentence.text(error))
        }
        display.end()
        for one in outcome.failed { TransferSentence.line("restore point \(one.source): \(one.message)") }
        try show(outcome)
        if !outcome.failed.isEmpty {
            throw CommandFailure("\(outcome.failed.count) restore points could not be copied", exit: .partial)
        }
    }

    private func show(_ outcome: CopyOutcome) throws {
        let result = Result(
            copied: outcome.copied.map {
                .init(source: $0.source.text, target: $0.target.text, storedBytes: $0.storedBytes)
            }, failed: outcome.failed.map { .init(source: $0.source.text, message: $0.message) },
            presentCount: outcome.presentCount, readBytes: outcome.readBytes, storedBytes: outcome.storedBytes)
        try output.show(result) {
            outcome.copied.map { "copied \($0.source) as \($0.target)" } + [
                "\(outcome.copied.count) restore points copied, \(outcome.presentCount) were there; read "
                    + "\(ByteText.text(outcome.readBytes)), stored \(ByteText.text(outcome.storedBytes))"
            ]
        }
    }

    private func access() -> RepositoryAccess {
        RepositoryAccess(
            directory: to, keyFile: toKeyFile, passphraseFile: toPassphraseFile, prefix: "--to-",
            variable: "HOLDFAST_TO_PASSPHRASE")
    }
}
