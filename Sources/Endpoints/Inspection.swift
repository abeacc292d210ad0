import CHoldfast
import Glibc

/// What a location is right now.
public struct Inspection: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case directory, imageFile, blockDevice
    }

    /// Nil when there is nothing usable of the kind that was asked for.
    public let kind: Kind?
    /// An image's size, or what is used on a tree if it was measured; nil when it is not known.
    public let sizeBytes: Int64?
    /// True when a backup could start now.
    public var isReachable: Bool { kind != nil }

    public init(kind: Kind?, sizeBytes: Int64?) {
        self.kind = kind
        self.sizeBytes = sizeBytes
    }
}

/// Looks at a location without reading any contents. Blocks: call it on a thread that may.
///
/// - Parameter measuresTree: true sums the sizes of the files of a tree, which takes some 3 µs an entry; false leaves
///   `sizeBytes` nil for a tree. An image always has its size.
/// - Returns: never throws; what can't be opened is not reachable.
public func inspect(_ location: SourceLocation, measuresTree: Bool = false) -> Inspection {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    let descriptor = open(location.path, flags)
    guard descriptor >= 0 else { return Inspection(kind: nil, sizeBytes: nil) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return Inspection(kind: nil, sizeBytes: nil) }
    switch (location, status.st_mode & S_IFMT) {
    case (.tree, S_IFDIR):
        return Inspection(
            kind: .directory, sizeBytes: measuresTree ? TreeMeasure.measure(directory: descriptor)?.bytes : nil)
    case (.image, S_IFREG):
        return Inspection(kind: .imageFile, sizeBytes: Int64(status.st_size))
    case (.image, S_IFBLK):
        let size = holdfast_block_device_size(descriptor)
        return size < 0 ? Inspection(kind: nil, sizeBytes: nil) : Inspection(kind: .blockDevice, sizeBytes: size)
    default:
        return Inspection(kind: nil, sizeBytes: nil)
    }
}
