public import Foundation
public import HoldfastCore

/// What is stored about a restore point beside its bytes: enough to list it, restore it, and rebuild a catalog.
public struct RestorePointDescription: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, Codable { case tree, image }

    public var createdAt: Date
    public var kind: Kind
    /// The path the bytes came from.
    public var source: String
    /// The chunk that is the root of the manifest.
    public var root: ChunkID
    /// What a restore writes, holes included.
    public var logicalBytes: Int64
    public var entryCount: Int
    /// Whose chunk names these are.
    public var domain: String
    public var labels: [String: String]
    public var warningCount: Int
    /// Bytes this restore point added to the repository, as they rest there. Filled by the session that commits it.
    public internal(set) var storedBytes: Int64 = 0

    public init(
        createdAt: Date, kind: Kind, source: String, root: ChunkID, logicalBytes: Int64, entryCount: Int,
        domain: String, labels: [String: String], warningCount: Int
    ) {
        self.createdAt = createdAt
        self.kind = kind
        self.source = source
        self.root = root
        self.logicalBytes = logicalBytes
        self.entryCount = entryCount
        self.domain = domain
        self.labels = labels
        self.warningCount = warningCount
    }
}

/// One stored restore point of one resource. Complete by itself: any other may be removed.
public struct RestorePoint: Sendable, Equatable {
    /// Of the stored record. More is not read into memory.
    static let recordBytesMax = 1 << 20

    /// SHA-256 of the stored record.
    public let id: RestorePointID
    public let description: RestorePointDescription
}

extension ChunkID: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Hex.decode(text).flatMap({ ChunkID(bytes: $0) }) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not the name of a chunk"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension RestorePointDescription {
    /// JSON with sorted keys and instants in microseconds since 1970 UTC.
    func encoded() throws(RepositoryError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Int64((date.timeIntervalSince1970 * 1_000_000).rounded()))
        }
        do { return Array(try encoder.encode(self)) } catch {
            throw RepositoryError(.libraryFailure, "a restore point could not be written as JSON", cause: error)
        }
    }

    init(decoding body: [UInt8], name: String) throws(RepositoryError) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let microseconds = try decoder.singleValueContainer().decode(Int64.self)
            return Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
        }
        do { self = try decoder.decode(Self.self, from: Data(body)) } catch {
            throw .corrupt(name, "its fields make no sense")
        }
        guard isSound else { throw .corrupt(name, "a field of it has an impossible value") }
    }

    /// Whether every number is one that a backup can have: readers may then calculate without looking.
    var isSound: Bool {
        // The years 1970 to 9999.
        (0..<253_402_300_800).contains(createdAt.timeIntervalSince1970) && (0...1 << 60).contains(logicalBytes)
            && (0...1 << 60).contains(storedBytes) && (0...1 << 48).contains(entryCount)
            && (0...1 << 48).contains(warningCount)
    }
}
