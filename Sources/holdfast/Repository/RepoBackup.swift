import ArgumentParser
import CHoldfast
import Endpoints
import Foundation
import HoldfastCore
import Repository
import Transfer

struct RepoBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Make a restore point of a directory tree, an image file or a block device.",
        discussion: """
            The last line is 'saved ID'. Standard error tells at the end where the time went. Ends with 3 when items were \
            left out or could not be read whole.
            """)

    /// Chunk names of what is backed up without a server.
    static let domain = "local"

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "A directory is a tree; a regular file or block device is an image.")
    var path: String

    @OptionGroup var progress: ProgressOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Read and verify everything, trusting no earlier restore point.")
    var full = false

    @Option(
        help: ArgumentHelp(
            "Of an image: only these parts changed since its last restore point; the rest is not read. Lines of an offset and a length in bytes.",
            discussion: "The list has to be complete: a change that is not in it is not saved.", valueName: "file"))
    var changedBlocks: String?

    @Option(help: "A fact to keep with the restore point, as KEY=VALUE; may be given again.")
    var label: [String] = []

    func validate() throws {
        guard label.allSatisfy({ $0.contains("=") && !$0.hasPrefix("=") }) else {
            throw ValidationError("a label is KEY=VALUE")
        }
    }

    func run() async throws {
        let repository = try options.open()
        let source = try Self.location(of: path)
        let earlier = try RepositoryOptions.translating { try repository.restorePoints() }
        let parent = earlier.first { $0.description.source == source.path && $0.description.domain == Self.domain }
        let labels = label.map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
        let request = BackupRequest(
            source: source, domain: Self.domain,
            labels: Dictionary(labels.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { _, new in new }),
            parent: full ? nil : parent?.id, changes: try changedBlocks.map(ChangeList.init(readingFile:)),
            rereadAll: full,
            // A repository inside the tree would be backed up while it grows.
            excludedDirectories: [try Self.location(of: options.repository).path])
        let outcome: BackupOutcome
        let display = progress.display()
        do { outcome = try await backUp(request, into: repository, seams: .live, progress: display.show) } catch {
            display.end()
            throw CommandFailure(TransferSentence.text(error))
        }
        display.end()
        TransferSentence.show(outcome.warnings, count: outcome.warningCount)
        try output.show(Result(outcome)) {
            [
                "\(outcome.entryCount) entries, \(ByteText.text(outcome.logicalBytes)); read "
                    + "\(ByteText.text(outcome.readBytes)), stored \(ByteText.text(outcome.storedBytes))",
                "saved \(outcome.restorePoint)",
            ]
        }
        progress.show(outcome.time)
        if outcome.warningCount > 0 {
            throw CommandFailure(
                "\(outcome.warningCount) items were left out or could not be read whole", exit: .partial)
        }
    }

    private struct Result: Encodable {
        let restorePoint: String
        let parent: String?
        let logicalBytes: Int64
        let readBytes: Int64
        let storedBytes: Int64
        let entryCount: Int
        let warningCount: Int
        let warnings: [ItemWarning]
        let time: TimeReport?

        init(_ outcome: BackupOutcome) {
            restorePoint = outcome.restorePoint.text
            parent = outcome.parentUsed?.text
            logicalBytes = outcome.logicalBytes
            readBytes = outcome.readBytes
            storedBytes = outcome.storedBytes
            entryCount = outcome.entryCount
            warningCount = outcome.warningCount
            warnings = outcome.warnings
            time = outcome.time
        }
    }

    static func location(of path: String) throws -> SourceLocation {
        // The real path, so that the next backup of the same place finds this one.
        guard let resolved = realpath(path, nil) else {
            throw CommandFailure("there is nothing to back up at \(path): \(String(cString: strerror(errno)))")
        }
        defer { free(resolved) }
        let real = String(cString: resolved)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: real, isDirectory: &isDirectory) else {
            throw CommandFailure("there is nothing to back up at \(path)")
        }
        return isDirectory.boolValue ? .tree(path: real) : .image(path: real)
    }
}
