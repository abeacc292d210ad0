import Foundation
import HoldfastCore
import ObjectStorage

@testable import Repository

/// Every decoder of stored bytes, past its seal where it has one, with bytes that it takes.
///
/// Whatever the bytes: a decoder returns or throws, and allocates in proportion to what it was given. Both the mutator in
/// `RepositoryTests` and libFuzzer (`make fuzz`) call ``decode(_:)``.
public enum StoredDecoder: UInt8, CaseIterable, Sendable {
    case config, wrapping, keyFile
    case pack, packTail, packTable, packEntry
    case segment, point, plan, marker, wait
    case treeRoot, entries, extents, imageRoot, imageMap
    case sealedRecord, frame, integers

    static let keys = KeyTree(master: SecretBytes([UInt8](repeating: 1, count: 32)))
    /// Of epoch 0.
    static let salt = [UInt8](repeating: 2, count: 28) + [0, 0, 0, 0]

    /// Sense that the bytes must make when they are taken: the reason of a wrong one.
    public struct Nonsense: Error { public let what: String }

    /// - Returns: true when the bytes are taken, false when they are refused.
    /// - Throws: ``Nonsense`` when they are taken and can't be.
    public func decode(_ bytes: [UInt8]) throws -> Bool {
        do { return try decoding(bytes) } catch let nonsense as Nonsense { throw nonsense } catch { return false }
    }

    private func decoding(_ bytes: [UInt8]) throws -> Bool {
        switch self {
        case .config: try Config.read(from: Self.store(bytes, "config")).prove(with: Self.keys)
        case .wrapping: return try Self.unwrap(bytes)
        case .keyFile: _ = try KeyFile(text: String(decoding: bytes, as: UTF8.self))
        case .pack: try Self.check(try PackLayout.table(of: bytes, name: "x", keys: Self.keys).entries, bytes.count)
        case .packTail: return PackLayout.tableRange(tail: bytes[...], packBytes: 1 << 20) != nil
        case .packTable: try Self.openTable(bytes)
        case .packEntry:
            guard bytes.count >= PackEntry.sizeBytes else { return false }
            return bytes.withUnsafeBytes { PackEntry(loading: $0, at: 0) } != nil
        case .segment:
            let segment = try IndexSegment(decoding: bytes, name: "x")
            for pack in segment.packs { try Self.check(pack.entries, Int(pack.record.sizeBytes)) }
            ChunkIndex().add(segment, name: "x")
        case .point: _ = try RestorePointDescription(decoding: bytes, name: "x")
        case .plan: _ = try PrunePlan(decoding: bytes, name: "x")
        case .marker:
            guard let marker = SessionMarker.decode(bytes) else { return false }
            _ = marker.isStale(now: Date(timeIntervalSince1970: 0), ageMax: .seconds(1))
            _ = marker.process.hasEnded()
        case .wait: return WaitNote.names(in: bytes) != nil
        case .treeRoot, .entries, .extents, .imageRoot, .imageMap, .integers: try Self.walk(self, bytes)
        case .sealedRecord:
            for record in [SealedRecord.segment, .restorePoint, .plan] {
                _ = try? record.open(bytes, keys: Self.keys, name: "x")
            }
        case .frame:
            guard let plain = try Compression.decompress(bytes, plainBytes: 5000) else { return false }
            if plain.count != 5000 { throw Nonsense(what: "a frame of \(plain.count) bytes") }
        }
        return true
    }

    private static func store(_ bytes: [UInt8], _ key: String) throws -> MemoryObjectStore {
        try MemoryObjectStore([ObjectKey(key): bytes])
    }

    private static func unwrap(_ bytes: [UInt8]) throws -> Bool {
        let key = try ObjectKey("keys/x")
        let entry = ObjectEntry(key: key, sizeBytes: bytes.count)
        guard let wrapping = try KeyWrapping.read(entry, from: MemoryObjectStore([key: bytes])) else { return false }
        let file = KeyFile(randomBytes: { Data(repeating: 7, count: $0) })
        guard let masters = try wrapping.unwrap(with: .keyFile(file), repositoryID: "00") else { return false }
        if masters.map({ $0.withUnsafeBytes { Array($0) } }) != [[UInt8](repeating: 1, count: 32)] {
            throw Nonsense(what: "another master key")
        }
        _ = try wrapping.isProved(by: masters[0])
        return true
    }

    /// A table past its seal: sealed anew, so that what it says is looked at.
    private static func openTable(_ bytes: [UInt8]) throws {
        let start = 1 << 20
        var sealed = [UInt8](repeating: 0, count: bytes.count + Cipher.tagBytes)
        try sealed.withUnsafeMutableBytes { sealed in
            try bytes.withUnsafeBytes { plain in
                try keys.packCipher(salt: salt).seal(
                    plain, position: UInt64(start), associated: PackLayout.magic, into: sealed)
            }
        }
        let head = PackLayout.magic + salt
        let table = try sealed.withUnsafeBytes { sealed in
            try PackLayout.table(sealed: sealed, at: start, head: head[...], name: "x", keys: keys)
        }
        try check(table.entries, start)
    }

    private static func check(_ entries: [PackEntry], _ packBytes: Int) throws {
        for entry in entries where !entry.fits(in: PackLayout.headBytes..<packBytes) {
            throw Nonsense(what: "an entry outside of its pack")
        }
    }

    /// A manifest whose every node has these bytes: pages that name pages lead back to them, so the walk is bounded here.
    private static func walk(_ decoder: StoredDecoder, _ bytes: [UInt8]) throws {
        guard let name = ChunkID(bytes: [UInt8](repeating: 9, count: 32)) else { return }
        var fetches = 0
        let fetch: NodeFetch = { _ in
            fetches += 1
            if fetches > 64 { throw MalformedManifest("enough") }
            return bytes
        }
        var steps = 0
        func step() throws {
            steps += 1
            if steps > 1 << 16 { throw MalformedManifest("enough") }
        }
        switch decoder {
        case .treeRoot: _ = try TreeRoot.read(name, fetch: fetch)
        case .entries:
            for level in 1...3 {
                var cursor = DirectoryCursor(.tree(levels: level, root: name), fetch: fetch)
                while try cursor.next() != nil { try step() }
            }
        case .extents:
            for level in 1...3 {
                var cursor = ExtentsCursor(.tree(levels: level, root: name), fetch: fetch)
                while try cursor.next() != nil { try step() }
            }
        case .imageRoot: _ = try ImageRoot.read(name, fetch: fetch)
        case .imageMap:
            let epoch = ItemTime(seconds: 0, nanoseconds: 0)
            for size in [Int64(64 << 20), 1 << 40, Int64.max / 2] {
                let image = ImageRoot(
                    sizeBytes: size, isRegularFile: true, isTorn: false, modified: epoch, changed: epoch, device: 0,
                    inode: 0, map: ImageMap(levels: ImageMap.levels(for: ImageBlock.count(bytes: size)), root: name))
                var cursor = ImageMapCursor(image, fetch: fetch)
                while case .extent(_, let extent)? = try? cursor.next() {
                    try step()
                    let piece = [UInt8](repeating: 0, count: min(extent.blocks, 4) * ImageBlock.sizeBytes)
                    _ = try? extent.read(sizeBytes: piece.count, base: { _ in piece }, source: { _ in piece })
                }
            }
        default:
            var parser = ManifestParser(bytes)
            while !parser.isAtEnd { _ = try parser.signed() }
        }
    }
}
