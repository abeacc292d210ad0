public import Foundation
import HoldfastCore

/// What opens a repository.
public enum KeyMaterial: Sendable {
    case keyFile(KeyFile)
    /// Any bytes; commonly UTF-8 text.
    case passphrase([UInt8])
}

/// The secret that a key file holds: 32 random bytes.
///
/// The file is one line of text, `holdfast-key-1 ` and 64 hex digits, so that it survives printing and copying.
public struct KeyFile: Sendable {
    static let prefix = "holdfast-key-1 "

    let secret: SecretBytes

    /// - Parameter randomBytes: cryptographically strong.
    public init(randomBytes: @Sendable (_ count: Int) -> Data) { secret = SecretBytes(randomBytes(32)) }

    /// - Throws: ``RepositoryError`` with `.wrongKey` when the text is not that of a key file.
    public init(text: String) throws(RepositoryError) {
        let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard line.hasPrefix(Self.prefix), let bytes = Hex.decode(line.dropFirst(Self.prefix.count)), bytes.count == 32
        else { throw RepositoryError(.wrongKey, "the key file is not one that 'repo init' made") }
        secret = SecretBytes(bytes)
    }

    /// The whole text of the file: a secret.
    public var text: String { secret.withUnsafeBytes { Self.prefix + Hex.encode($0) + "\n" } }
}

extension KeyFile {
    /// - Throws: ``RepositoryError`` with `.wrongKey` when the file can't be read or is no key file.
    public init(readingFrom path: String) throws(RepositoryError) {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw RepositoryError(.wrongKey, "the key file \(path) can't be read", cause: error)
        }
        try self.init(text: text)
    }

    /// Writes the file for its owner only, whole or not at all, and refuses to replace one.
    ///
    /// - Throws: ``RepositoryError`` with `.alreadyExists` or `.storeUnavailable`.
    public func write(to path: String) throws(RepositoryError) {
        let part = path + ".part"
        unlink(part)
        let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(path) }
        defer { unlink(part) }
        var bytes = Array(text.utf8)
        defer { for index in bytes.indices { bytes[index] = 0 } }
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        let problem = isWritten ? nil : Self.failure(path)
        close(file)
        if let problem { throw problem }
        // link(2) refuses a taken name: a key that exists opens something, and must never be lost.
        guard link(part, path) == 0 else {
            if errno == EEXIST { throw RepositoryError(.alreadyExists, "the key file \(path) exists already") }
            throw Self.failure(path)
        }
        let folder = open(PathParts.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Self.failure(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> RepositoryError {
        RepositoryError(
            .storeUnavailable, "the key file \(path) can't be written: \(String(cString: strerror(errno)))")
    }
}
