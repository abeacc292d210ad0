import ArgumentParser
import CHoldfast
import Foundation
import HoldfastCore
import Mounting
import Repository

struct RepoMount: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mount", abstract: "Show all restore points as folders, read-only, until interrupted.",
        discussion: """
            A tree is the folder TIME-ID, an image the file TIME-ID.img of its size. Every byte is verified before it is \
            given. Stays in the foreground; SIGINT or SIGTERM unmounts, and so does 'umount' or 'fusermount3 -u'. Needs \
            /dev/fuse, and fusermount3 (Debian: fuse3) for others than root.
            """)

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "An existing directory.")
    var directory: String

    @Flag(help: "Let other users look too, as far as modes of files let them; else only who mounts sees anything.")
    var allowOther = false

    func run() throws {
        // It runs for days, and its threads read by turns: with a heap for each it took 225 MiB where 165 do.
        holdfast_share_heaps(2)
        let repository = try options.open()
        // Before mounting, so that no signal leaves the directory mounted.
        let stop = holdfast_stop_signals()
        guard stop >= 0 else { throw CommandFailure("signals can't be caught: \(String(cString: strerror(errno)))") }
        do {
            let mount = try RepositoryOptions.translating {
                try RepositoryMount(
                    repository, at: directory, allowOther: allowOther, seams: .live, report: TransferSentence.line)
            }
            TransferSentence.line("mounted at \(directory)")
            mount.serve(until: stop)
        } catch let error as MountError { throw CommandFailure(error.message) }
    }
}
