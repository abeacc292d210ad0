import Foundation

/// A folder on a local disk for what is too large for memory and need not outlive the process: an index of millions of
/// chunks. Files in it have no name, so nothing is left behind; they hold truncated names of chunks and where they are.
public struct ScratchSpace: Sendable {
    let path: String
    let memorySlotsMax: Int

    /// - Parameter path: made, for its owner only, when it is needed.
    public init(path: String) { self.init(path: path, memorySlotsMax: SlotStorage.memorySlotsMax) }

    /// - Parameter memorySlotsMax: of an index; more slots go to a file.
    init(path: String, memorySlotsMax: Int) {
        self.path = path
        self.memorySlotsMax = memorySlotsMax
    }

    /// A file without a name, its whole length set aside at once: it can't run out of room later.
    ///
    /// - Returns: nil when there is no room, or the folder can't be used.
    func makeFile(sizeBytes: Int) -> Int32? {
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let name = "\(path)/index-\(getpid())-\(UUID().uuidString)"
        let file = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        unlink(name)
        guard sizeBytes == 0 || posix_fallocate(file, 0, off_t(sizeBytes)) == 0 else {
            close(file)
            return nil
        }
        return file
    }
}
