import Archiving
import ArgumentParser
import Foundation
import HoldfastCore
import Repository

struct RepoTar: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tar", abstract: "Write a restore point, or a directory or file of it, as a tar archive.",
        discussion: """
            POSIX pax with modes, owners by number, times, links, devices, extended attributes and holes. To get all of it \
            back: tar --extract --same-owner --same-permissions --xattrs --xattrs-include='*'. An image is one member. \
            Sockets, for which tar has no place, are left out and named on standard error.
            """)

    @OptionGroup var options: RepositoryOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The archive to write; standard output if none is given.", valueName: "file"))
    var output: String?

    @Argument(help: "The restore point's id, or its first characters.")
    var id: String

    @Argument(help: "A path inside a tree; all of it if none is given. Members are named from there down.")
    var path: String?

    func run() throws {
        let repository = try options.open()
        let point = try RepoRestorePoint.find(id, in: repository)
        guard let output else {
            guard isatty(STDOUT_FILENO) == 0 else {
                throw CommandFailure("an archive is nothing for a terminal: give --output, or redirect", exit: .usage)
            }
            return try write(point, repository, to: STDOUT_FILENO)
        }
        // Readable by its owner alone: it holds what the repository keeps sealed.
        let file = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw CommandFailure("\(output) can't be written: \(String(cString: strerror(errno)))") }
        do {
            try write(point, repository, to: file)
            guard fsync(file) == 0 || errno == EINVAL, close(file) == 0 else {
                throw CommandFailure("\(output) can't be written: \(String(cString: strerror(errno)))")
            }
        } catch {
            // Half an archive is no archive; what is no regular file is not ours to remove.
            var status = stat()
            if stat(output, &status) == 0, status.st_mode & S_IFMT == S_IFREG { unlink(output) }
            throw error
        }
    }

    private func write(_ point: RestorePoint, _ repository: Repository, to file: Int32) throws {
        do {
            try RepositoryOptions.translating {
                try TarExport(point, reader: repository.reader()).write(TreePath.names(path ?? ""), to: file) { path in
                    TransferSentence.line("left out: \(TreePath.text(path)) is a socket")
                }
            }
        } catch let error as ArchivingError { throw CommandFailure(error.message) }
    }
}
