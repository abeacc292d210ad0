import HoldfastCore
import ObjectStorage

/// What a rebuild of the index did.
public struct IndexRebuild: Sendable, Equatable {
    /// Packs that no segment named, and now one does.
    public internal(set) var packs = 0
    public internal(set) var chunks = 0
    /// Packs that can't list themselves: what they hold is lost, unless another pack holds it too.
    public internal(set) var damaged: [CheckReport.Fault] = []
}

extension Repository {
    /// Asks each pack that no index segment names what is in it, and writes segments that say so.
    ///
    /// For an index that was lost or damaged: the packs and the key are enough. Reads only the head and the table of a
    /// pack. May be repeated, and interrupted at any point.
    ///
    /// - Throws: ``RepositoryError`` when the store does not answer.
    public func rebuildIndex() throws -> IndexRebuild {
        try loadNewSegments(toleratingDamage: true)
        let known = Set(index.packs.map(\.id))
        let folder = try StoredKeys.packs()
        var result = IndexRebuild()
        var found: [IndexSegment.Pack] = []
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            guard let id = PackID(hex: object.key.name), !known.contains(id) else { continue }
            do throws(RepositoryError) {
                let pack = try list(object, id: id)
                found.append(pack)
                result.packs += 1
                result.chunks += pack.entries.count
            } catch {
                switch error.code {
                case .objectCorrupt: result.damaged.append(.init(place: object.key.text, message: error.message))
                // Removed since the list was made.
                case .objectMissing: continue
                default: throw error
                }
            }
            if found.count == BackupSession.segmentPacks {
                try addSegment(found, by: nil)
                found = []
            }
        }
        if !found.isEmpty { try addSegment(found, by: nil) }
        return result
    }

    /// What a pack says of itself.
    private func list(_ object: ObjectEntry, id: PackID) throws(RepositoryError) -> IndexSegment.Pack {
        let name = object.key.text
        guard (PackLayout.headBytes + PackLayout.tailBytes...PackLayout.sizeBytesMax).contains(object.sizeBytes)
        else { throw .corrupt(name, "no pack has \(object.sizeBytes) bytes") }
        func part(_ range: Range<Int>) throws(RepositoryError) -> [UInt8] {
            try store.wrapping { store throws(ObjectStoreError) in try store.get(object.key, range: range) }
        }
        let head = try part(0..<PackLayout.headBytes)
        let tail = try part(object.sizeBytes - PackLayout.tailBytes..<object.sizeBytes)
        guard let range = PackLayout.tableRange(tail: tail[...], packBytes: object.sizeBytes) else {
            throw .corrupt(name, "it does not end as a pack does")
        }
        let sealed = try part(range)
        let result = sealed.withUnsafeBytes { bytes in
            Result { () throws(RepositoryError) in
                try PackLayout.table(
                    sealed: bytes, at: range.lowerBound, head: head[...], name: name, keys: keys)
            }
        }
        let table: PackLayout.Table
        do throws(RepositoryError) { table = try result.get() } catch {
            guard error.code == .keyMissing else { throw error }
            let pack = try store.wrapping { store throws(ObjectStoreError) in try store.get(object.key, range: nil) }
            table = try PackLayout.table(of: pack, name: name, keys: keys)
        }
        let record = PackRecord(
            id: id, salt: Array(head.dropFirst(PackLayout.magic.count)), domain: table.domain,
            sizeBytes: UInt32(object.sizeBytes))
        return IndexSegment.Pack(record: record, entries: table.entries)
    }
}
