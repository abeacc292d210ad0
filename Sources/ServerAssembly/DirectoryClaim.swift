import CHoldfast
import Foundation
import Glibc

/// The data directory, held for this process alone.
///
/// Nothing is written before it is certain that nobody else uses the directory and no newer version made it.
final class DirectoryClaim: Sendable {
    /// Grows when an older version could no longer use the directory.
    static let version = 1

    private let lock: Int32

    /// - Throws: ``StartError`` with one sentence.
    init(_ directory: DataDirectory) throws {
        try Self.makeFolder(directory.path)
        try Self.checkVersion(directory)
        let file = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StartError(
                message: "the data directory \(directory.path) can't be written: \(String(cString: strerror(errno)))")
        }
        do { try Self.take(file, directory) } catch {
            // Not yet ours: an object that is whole would close it a second time when this init throws.
            close(file)
            throw error
        }
        lock = file
    }

    private static func take(_ file: Int32, _ directory: DataDirectory) throws {
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw StartError(message: "the data directory \(directory.path) is in use by another holdfast server")
        }
        guard access(directory.version, F_OK) != 0 else { return }
        do { try SecretFile.write(Array("\(version)\n".utf8), to: directory.version, existing: .replace) } catch {
            throw StartError(message: "the data directory \(directory.path) can't be written: \(error)")
        }
    }

    deinit {
        // A child that is just being started may still share the open file: closing ours alone would not give it back.
        flock(lock, LOCK_UN)
        close(lock)
    }

    private static func makeFolder(_ path: String) throws {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw StartError(message: "the data directory \(path) is not a directory")
            }
            guard access(path, R_OK | W_OK | X_OK) == 0 else {
                throw StartError(
                    message: "the data directory \(path) can't be written: \(String(cString: strerror(errno)))")
            }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw StartError(message: "the data directory \(path) can't be made: \(error.localizedDescription)") }
    }

    private static func checkVersion(_ directory: DataDirectory) throws {
        guard let text = try? String(contentsOfFile: directory.version, encoding: .utf8) else { return }
        guard let found = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw StartError(message: "the file \(directory.version) does not hold a version number")
        }
        guard found <= version else {
            throw StartError(
                message:
                    "the data directory \(directory.path) was used by a newer version of holdfast (layout \(found); "
                    + "this version knows \(version)): start that version or a later one")
        }
    }
}

/// Why the server did not start: one sentence.
public struct StartError: Error, Sendable {
    public let message: String
}
