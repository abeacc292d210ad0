import Foundation
import HoldfastCore
import ObjectStorage

/// What a repository says about itself before any key is known.
///
/// JSON: `format`, `id` (32 hex digits), `features`, `created_at` (microseconds since 1970 UTC). A feature that this
/// version does not know makes it refuse the repository.
struct Config: Codable, Sendable, Equatable {
    static let formatNumber = 1
    static let knownFeatures: Set<String> = []

    let format: Int
    let id: String
    let features: [String]
    let createdAt: Int64

    static func read(from store: any ObjectStore) throws(RepositoryError) -> Config {
        let bytes: [UInt8]
        do { bytes = try store.get(try StoredKeys.config(), range: nil) } catch let error as ObjectStoreError {
            guard error.code == .missing else { throw .store(error) }
            throw RepositoryError(
                .notARepository, "there is no repository at that place; 'repo init' makes one", cause: error)
        } catch { throw RepositoryError(.libraryFailure, "a key could not be made", cause: error) }
        guard let config = try? JSONDecoder().decode(Config.self, from: Data(bytes)) else {
            throw .corrupt("config", "its fields make no sense")
        }
        guard config.format == formatNumber else {
            throw RepositoryError(
                .formatUnsupported,
                "the repository has format \(config.format); this version knows format \(formatNumber)")
        }
        let unknown = config.features.filter { !knownFeatures.contains($0) }
        guard unknown.isEmpty else {
            throw RepositoryError(
                .formatUnsupported,
                "the repository uses what this version does not know: \(unknown.joined(separator: ", "))")
        }
        return config
    }

    func encoded() throws(RepositoryError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do { return Array(try encoder.encode(self)) } catch {
            throw RepositoryError(.libraryFailure, "the config could not be written as JSON", cause: error)
        }
    }
}
