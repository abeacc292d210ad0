import Foundation
import HoldfastCore
import ObjectStorage

/// What a repository says about itself before any key is known.
///
/// Two lines: JSON with `createdAt` (microseconds since 1970 UTC), `features`, `format` and `id` (32 hex digits); and
/// the HMAC-SHA-256 of that JSON's bytes under the config key, in lower-case hex. A feature that this version does not
/// know makes it refuse the repository.
struct Config: Codable, Sendable, Equatable {
    static let formatNumber = 1
    static let knownFeatures: Set<String> = [Repository.locksFeature]

    let format: Int
    let id: String
    let features: [String]
    let createdAt: Int64

    /// Reads the config, without proof: its key is not known yet.
    ///
    /// - Throws: ``RepositoryError`` with `.notARepository`, `.formatUnsupported` or `.objectCorrupt`.
    static func read(from store: any ObjectStore) throws(RepositoryError) -> StoredConfig {
        let key = try StoredKeys.config()
        let bytes: [UInt8]
        do throws(ObjectStoreError) { bytes = try store.get(key, range: nil) } catch {
            guard error.code == .missing else { throw .store(error) }
            throw RepositoryError(
                .notARepository, "there is no repository at that place; 'repo init' makes one", cause: error)
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty,
            let config = try? JSONDecoder().decode(Config.self, from: Data(lines[0]))
        else { throw .corrupt("config", "its fields make no sense") }
        guard config.format == formatNumber else {
            throw RepositoryError(
                .formatUnsupported,
                "the repository has format \(config.format); this version knows format \(formatNumber)")
        }
        let unknown = try (config.features + addedFeatures(in: store)).filter { !knownFeatures.contains($0) }
        guard unknown.isEmpty else {
            throw RepositoryError(
                .formatUnsupported,
                "the repository uses what this version does not know: \(unknown.joined(separator: ", "))")
        }
        return StoredConfig(config: config, json: Array(lines[0]), proof: Array(lines[1]))
    }

    /// Features that came into use after the repository was made: an upgrade adds an object for each, as its first step.
    private static func addedFeatures(in store: any ObjectStore) throws(RepositoryError) -> [String] {
        let folder = try StoredKeys.features()
        return try store.wrapping { store throws(ObjectStoreError) in try store.list(folder) }.map(\.key.name)
    }

    func encoded(keys: KeyTree) throws(RepositoryError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json: [UInt8]
        do { json = Array(try encoder.encode(self)) } catch {
            throw RepositoryError(.libraryFailure, "the config could not be written as JSON", cause: error)
        }
        let newline = [UInt8(ascii: "\n")]
        return json + newline + (try StoredConfig.proof(of: json, keys: keys)) + newline
    }
}

/// A config as it was read: proved once the key is known.
struct StoredConfig {
    let config: Config
    fileprivate let json: [UInt8]
    fileprivate let proof: [UInt8]

    /// - Throws: ``RepositoryError`` with `.objectCorrupt` when someone without the key changed it.
    func prove(with keys: KeyTree) throws(RepositoryError) {
        guard try Self.proof(of: json, keys: keys) == proof else {
            throw .corrupt("config", "it is not as the repository's key has signed it")
        }
    }

    fileprivate static func proof(of json: [UInt8], keys: KeyTree) throws(RepositoryError) -> [UInt8] {
        let hash = try keys.configHash()
        let result = json.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in try hash.name(of: bytes) }
        }
        return Array(try result.get().description.utf8)
    }
}
