import CHoldfast
import Glibc

/// An image opened for reading: a regular file or a block device.
package struct ImageSource: Sendable {
    package let file: Descriptor
    package let status: ItemStatus
    package let sizeBytes: Int64

    /// - Parameters:
    ///   - path: may lead through symbolic links, as `/dev/disk/by-id/…` does; they are followed once.
    ///   - followsLinks: as of ``TreeSource``.
    package init(path: String, followsLinks: Bool = true) throws(EndpointError) {
        let real = try followsLinks ? RealPath.resolve(path) : path
        do throws(SystemFailure) {
            file = try FileAccess.openReal(real, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            status = try file.status()
        } catch { throw .system("open", path, error.number) }
        switch status.kind {
        case .file: sizeBytes = status.sizeBytes
        case .blockDevice:
            sizeBytes = holdfast_block_device_size(file.number)
            guard sizeBytes >= 0 else { throw .system("ask for the size of", path, errno) }
        default: throw .wrongKind(path, wanted: "a regular file or a block device")
        }
        _ = posix_fadvise(file.number, 0, 0, POSIX_FADV_SEQUENTIAL)
    }
}
