import CHoldfast
import Glibc

/// An image opened for writing: a regular file, made if it is missing, or a block device.
package struct ImageTarget: Sendable {
    package let file: Descriptor
    package let isBlockDevice: Bool
    /// True when there was nothing in it: all of it reads as zeros once it has its size.
    package let isFresh: Bool
    package let sizeBytes: Int64
    /// The directory that holds the file, and its name there.
    package let directory: Descriptor
    package let name: ItemName

    /// What is at a path, before anything there is changed; nil when there is nothing.
    package struct Finding: Sendable {
        package let directory: Descriptor
        package let name: ItemName
        fileprivate let existing: Descriptor?
        package let isBlockDevice: Bool
        package let sizeBytes: Int64
        package var exists: Bool { existing != nil }
    }

    /// Looks at the target. Symbolic links on the way are followed once; a link at the end must lead to something.
    ///
    /// - Parameter followsLinks: as of ``TreeSource``.
    package static func find(path: String, followsLinks: Bool = true) throws(EndpointError) -> Finding {
        let real = try followsLinks ? RealPath.resolveExistingPart(of: path) : path
        guard let slash = real.utf8.lastIndex(of: UInt8(ascii: "/")),
            let name = ItemName(Array(real.utf8[real.utf8.index(after: slash)...]))
        else { throw .wrongKind(path, wanted: "a regular file or a block device") }
        let parent = slash == real.startIndex ? "/" : String(real[..<slash])
        do throws(SystemFailure) {
            let directory = try FileAccess.openReal(parent, flags: O_RDONLY | O_DIRECTORY)
            let file: Descriptor
            do throws(SystemFailure) {
                file = try FileAccess.open(name, in: directory, flags: O_RDWR | O_NONBLOCK | O_NOCTTY)
            } catch {
                guard error.number == ENOENT else { throw error }
                return Finding(
                    directory: directory, name: name, existing: nil, isBlockDevice: false, sizeBytes: 0)
            }
            let status = try file.status()
            switch status.kind {
            case .file:
                return Finding(
                    directory: directory, name: name, existing: file, isBlockDevice: false,
                    sizeBytes: status.sizeBytes)
            case .blockDevice:
                let size = holdfast_block_device_size(file.number)
                guard size >= 0 else { throw SystemFailure("ask for the size") }
                return Finding(
                    directory: directory, name: name, existing: file, isBlockDevice: true, sizeBytes: size)
            default: throw SystemFailure("open", number: EISDIR)
            }
        } catch {
            if error.number == EISDIR { throw .wrongKind(path, wanted: "a regular file or a block device") }
            throw .system("write to", path, error.number)
        }
    }

    /// Opens for writing what was found, or makes the file, and gives a file exactly the image's size.
    package init(_ finding: Finding, imageBytes: Int64) throws(SystemFailure) {
        directory = finding.directory
        name = finding.name
        isBlockDevice = finding.isBlockDevice
        if let existing = finding.existing {
            file = existing
        } else {
            file = try FileChange.createFile(finding.name, in: finding.directory)
        }
        isFresh = !finding.isBlockDevice && finding.sizeBytes == 0
        sizeBytes = finding.isBlockDevice ? finding.sizeBytes : imageBytes
        if !isBlockDevice && finding.sizeBytes != imageBytes { try FileChange.setSize(imageBytes, of: file) }
    }
}
