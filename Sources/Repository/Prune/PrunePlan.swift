import HoldfastCore
import ObjectStorage

/// Which packs are to go. Stored before anything is removed, so that backups that begin from then on do not rely on them,
/// and so that a prune that was cut off can be finished.
///
/// The body is `count of packs(4, LE) || pack names(32) … || count of restore points(4, LE) || their ids(32) …`; sealed
/// as a record with the magic `HFPRUNE1`.
struct PrunePlan: Equatable {
    static let sizeBytesMax = 256 << 20

    let packs: Set<PackID>
    /// The restore points that were there when the packs were chosen: none of them needs the packs.
    let points: Set<RestorePointID>

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.integer(UInt32(packs.count))
        for pack in packs.map(\.bytes).sorted(by: { $0.lexicographicallyPrecedes($1) }) { writer.raw(pack) }
        writer.integer(UInt32(points.count))
        for point in points.map(\.text).sorted() { writer.raw(Hex.decode(point) ?? []) }
        return writer.bytes
    }

    init(packs: Set<PackID>, points: Set<RestorePointID>) {
        self.packs = packs
        self.points = points
    }

    /// - Throws: ``RepositoryError`` with `.objectCorrupt`.
    init(decoding body: [UInt8], name: String) throws(RepositoryError) {
        var parser = ByteParser(body)
        func names() throws(RepositoryError) -> [ArraySlice<UInt8>] {
            guard let count = parser.uint32(), Int(count) <= parser.remaining / 32 else {
                throw .corrupt(name, "a count of it makes no sense")
            }
            return (0..<count).compactMap { _ in parser.raw(32) }
        }
        packs = Set(try names().compactMap { PackID(bytes: $0) })
        points = Set(try names().map { RestorePointID(Hex.encode($0)) })
        guard parser.remaining == 0 else { throw .corrupt(name, "there is more of it than there should be") }
    }
}

extension Repository {
    /// Plans that are not carried out yet, by the names of their objects.
    func pendingPlans() throws(RepositoryError) -> [(name: String, plan: PrunePlan)] {
        var found: [(name: String, plan: PrunePlan)] = []
        let folder = try StoredKeys.plans()
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) }) {
            do throws(RepositoryError) {
                let record = try store.wholeObject(object, sizeBytesMax: PrunePlan.sizeBytesMax)
                let body = try SealedRecord.plan.open(record, keys: keys, name: object.key.text)
                found.append((object.key.name, try PrunePlan(decoding: body, name: object.key.text)))
            } catch { guard error.code == .objectMissing else { throw error } }
        }
        return found
    }

    func put(_ plan: PrunePlan) throws(RepositoryError) -> String {
        let record = try SealedRecord.plan.seal(
            plan.encoded(), keys: keys, salt: keys.salt(seams.randomBytes))
        let name = Hex.encode(try Digest.sha256(record))
        let key = try StoredKeys.plan(name)
        try store.wrapping { store throws(ObjectStoreError) in try store.put(record, at: key) }
        return name
    }
}
