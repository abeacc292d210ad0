import CFuse
import CHoldfast
import Foundation
public import HoldfastCore
public import Repository

/// All restore points of a repository as folders, read-only, by FUSE.
///
/// A tree is a folder, an image a file of its size. Every byte is verified before the kernel gets it; what the repository
/// can't give is an input/output error for whoever asks, and a line to `report`. Restore points that are made or forgotten
/// meanwhile come and go.
public final class RepositoryMount {
    private let context: Unmanaged<MountedRepository>
    private let fuse: OpaquePointer

    /// Mounts. What it shows is served by ``serve(until:)``.
    ///
    /// - Parameters:
    ///   - path: an existing directory.
    ///   - allowOther: lets other users in, as far as modes let them; else only the one who mounts can look, at everything.
    ///   - report: gets one sentence at a time, from any thread.
    /// - Throws: ``MountError``, or ``RepositoryError`` when the store does not answer.
    public init(
        _ repository: Repository, at path: String, allowOther: Bool, seams: Seams,
        report: @escaping @Sendable (String) -> Void
    ) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw MountError(.badPlace, "\(path) is no directory that could be mounted on")
        }
        let mounted = try MountedRepository(repository, uptime: seams.uptime, report: report)
        let context = Unmanaged.passRetained(mounted)
        var arguments = fuse_args()
        defer { fuse_opt_free_args(&arguments) }
        let options = "ro,fsname=holdfast,subtype=holdfast" + (allowOther ? ",allow_other,default_permissions" : "")
        for argument in ["holdfast", "-o", options] { fuse_opt_add_arg(&arguments, argument) }
        var operations = FuseOperations.table()
        guard let fuse = holdfast_fuse_new(&arguments, &operations, context.toOpaque()) else {
            context.release()
            throw MountError(.refused, "the FUSE library could not be started")
        }
        guard fuse_mount(fuse, path) == 0 else {
            fuse_destroy(fuse)
            context.release()
            throw MountError(
                .refused,
                "the system refused to mount at \(path): it needs /dev/fuse, and fusermount3 for others than root")
        }
        self.context = context
        self.fuse = fuse
    }

    /// Serves, on threads of its own, until the descriptor can be read from or somebody unmounts; then unmounts. Blocks.
    public func serve(until stop: Int32) {
        FuseLoop(fuse_get_session(fuse)).run(until: stop)
        // Detaches at once, also where something is still open; what is open gets errors from then on.
        fuse_unmount(fuse)
    }

    deinit {
        fuse_destroy(fuse)
        context.release()
    }
}
