import HoldfastCore
import ObjectStorage

/// What is sealed under the master key of an epoch: what a key that was revoked when the epoch ended still opens, for
/// whoever has both the key and the bytes.
public struct EpochReport: Sendable, Equatable, Codable {
    public let epoch: Int
    public internal(set) var packs = 0
    public internal(set) var packBytes: Int64 = 0
    public internal(set) var indexSegments = 0
    /// Their records name the source and the labels. A record keeps its epoch until the restore point is forgotten, since
    /// its hash is its name.
    public internal(set) var restorePoints = 0
}

extension Repository {
    /// What each epoch's key opens, the first epoch first.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    public func epochReports() throws -> [EpochReport] {
        try refreshEpoch()
        try loadNewSegments(toleratingDamage: true)
        var reports = (0...Int(keys.epoch)).map { EpochReport(epoch: $0) }
        func count(_ salt: [UInt8], _ change: (inout EpochReport) -> Void) {
            let epoch = Int(KeyTree.epoch(ofSalt: salt))
            if reports.indices.contains(epoch) { change(&reports[epoch]) }
        }
        var seen: Set<PackID> = []
        for pack in index.packs where seen.insert(pack.id).inserted {
            count(pack.salt) { report in
                report.packs += 1
                report.packBytes += Int64(pack.sizeBytes)
            }
        }
        try forEachSalt(in: try StoredKeys.segments()) { count($0) { $0.indexSegments += 1 } }
        try forEachSalt(in: try StoredKeys.restorePoints()) { count($0) { $0.restorePoints += 1 } }
        return reports
    }

    private func forEachSalt(in folder: ObjectKey, _ body: ([UInt8]) -> Void) throws {
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) })
        where object.sizeBytes >= SealedRecord.headBytes {
            let head = try store.wrapping { store throws(ObjectStoreError) in
                try store.get(object.key, range: 0..<SealedRecord.headBytes)
            }
            body(Array(head.suffix(Cipher.saltBytes)))
        }
    }
}
