import Foundation
import HoldfastCore
import Identity

/// The key in `secrets.key`: one line of text, `holdfast-secrets-1 ` and 64 hex digits.
enum SecretsKey {
    private static let prefix = "holdfast-secrets-1 "

    static func read(_ directory: DataDirectory, seams: Seams) throws -> SecretBox {
        let text = String(decoding: try SecretFile.read(directory.secretsKey), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix(prefix), let key = Hex.decode(text.dropFirst(prefix.count)),
            key.count == SecretBox.keyBytes
        else { throw SecretFile.Failure(message: "\(directory.secretsKey) is not a key that holdfast made") }
        return SecretBox(key: key, randomBytes: seams.randomBytes)
    }

    /// Reads the key, or makes it at the first start. An existing file is never replaced: it opens what is sealed.
    ///
    /// Call it before the catalog is made: a catalog without its key means that the key was lost, which is refused.
    static func readOrCreate(_ directory: DataDirectory, seams: Seams) throws -> SecretBox {
        if isMissing(directory.secretsKey) {
            guard isMissing(directory.catalog) else {
                throw SecretFile.Failure(
                    message: "\(directory.secretsKey) is missing, and the catalog's access keys are sealed with it; "
                        + "put it back from a copy")
            }
            let text = prefix + Hex.encode(seams.randomBytes(SecretBox.keyBytes)) + "\n"
            try SecretFile.write(Array(text.utf8), to: directory.secretsKey, existing: .refuse)
        }
        return try read(directory, seams: seams)
    }

    private static func isMissing(_ path: String) -> Bool { access(path, F_OK) != 0 && errno == ENOENT }
}
