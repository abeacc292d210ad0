import Foundation
import HoldfastCore
import ObjectStorage

@testable import Repository

extension StoredDecoder {
    /// Bytes that the decoder takes: where changes begin.
    public func samples() throws -> [[UInt8]] {
        switch self {
        case .config: [try Config(format: 1, id: "00", features: [], createdAt: 5).encoded(keys: Self.keys)]
        case .wrapping: [try Self.wrapping()]
        case .keyFile: [Array(KeyFile(randomBytes: { Data(repeating: 7, count: $0) }).text.utf8)]
        case .pack: [try Self.pack().bytes]
        case .packTail: [Array(try Self.pack().bytes.suffix(PackLayout.tailBytes))]
        case .packTable: [try Self.table()]
        case .packEntry: [Array(try Self.table().suffix(PackEntry.sizeBytes))]
        case .segment: [try Self.segment().encoded()]
        case .point: [try Self.point().encoded()]
        case .plan:
            [try PrunePlan(packs: [Self.packID()], points: [.init(String(repeating: "ab", count: 32))]).encoded()]
        case .marker:
            [try SessionMarker(seams: .live).encoded(), try SessionMarker(seams: .live, session: "s").encoded()]
        case .wait: [try WaitNote.encoded(["a", "b"])]
        case .sealedRecord: [try SealedRecord.plan.seal([1, 2, 3], keys: Self.keys, salt: Self.salt)]
        case .frame: [try Self.frame()]
        case .integers: [[0, 1, 0x7F, 0x80, 1] + [UInt8](repeating: 0xFF, count: 9) + [1]]
        case .treeRoot, .entries, .extents, .imageRoot, .imageMap: try Self.nodes(kind: self)
        }
    }

    private static func id(_ byte: UInt8) throws -> ChunkID {
        guard let id = ChunkID(bytes: [UInt8](repeating: byte, count: 32)) else { throw Nonsense(what: "a name") }
        return id
    }

    private static func packID() throws -> PackID {
        guard let id = PackID(bytes: [UInt8](repeating: 3, count: 32)) else { throw Nonsense(what: "a name") }
        return id
    }

    private static func wrapping() throws -> [UInt8] {
        let store = MemoryObjectStore()
        let file = KeyFile(randomBytes: { Data(repeating: 7, count: $0) })
        _ = try KeyWrapping(
            [SecretBytes([UInt8](repeating: 1, count: 32))], for: KeyRecipient(.keyFile(file), label: "", salt: salt),
            repositoryID: "00", randomBytes: { Data(repeating: 6, count: $0) }
        ).put(in: store)
        return store.contents.values.first ?? []
    }

    private static func pack() throws -> (bytes: [UInt8], entries: [PackEntry]) {
        let pack = try OpenPack(salt: salt, domain: DomainTag(domain: "d"), keys: keys)
        for number in UInt8(0)..<3 {
            let plain = [UInt8](repeating: number, count: 100)
            guard let (room, _) = pack.reserve(payloadBytes: plain.count) else { throw Nonsense(what: "a full pack") }
            let entry = PackEntry(
                id: try id(number), offset: UInt32(room.offset), storedBytes: UInt32(room.storedBytes),
                plainBytes: UInt32(plain.count), form: .plain)
            _ = try plain.withUnsafeBytes { try pack.fill(room, with: $0, entry: entry) }
        }
        _ = pack.close()
        return (Array(try pack.finish()), pack.entries)
    }

    private static func table() throws -> [UInt8] {
        var writer = ByteWriter()
        writer.raw(try DomainTag(domain: "d").bytes)
        for entry in try pack().entries { entry.write(to: &writer) }
        return writer.bytes
    }

    private static func segment() throws -> IndexSegment {
        let record = PackRecord(id: try packID(), salt: salt, domain: try DomainTag(domain: "d"), sizeBytes: 100_000)
        return IndexSegment(
            generation: 1,
            packs: [.init(record: record, entries: try pack().entries), .init(record: record, entries: [])])
    }

    private static func point() throws -> RestorePointDescription {
        RestorePointDescription(
            createdAt: Date(timeIntervalSince1970: 1_750_000_000), kind: .tree, source: "/s\u{e9}", root: try id(4),
            logicalBytes: 5, entryCount: 2, domain: "d", labels: ["a": "b"], warningCount: 0)
    }

    private static func frame() throws -> [UInt8] {
        let plain = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0 / 700) }
        var frame = [UInt8](repeating: 0, count: 5000)
        let count = try frame.withUnsafeMutableBytes { target in
            try plain.withUnsafeBytes { try Compression.compress($0, into: target) }
        }
        return Array(frame.prefix(count ?? 0))
    }

    /// The nodes of that kind in the manifests of a tree and an image.
    private static func nodes(kind: StoredDecoder) throws -> [[UInt8]] {
        var nodes: [[UInt8]] = []
        let store: NodeStore = { bytes in
            nodes.append(Array(bytes))
            return try id(UInt8(truncatingIfNeeded: nodes.count))
        }
        let time = ItemTime(seconds: -5, nanoseconds: 7)
        let attributes = ItemAttributes(
            mode: 0o755, owner: 1, group: 2, modified: time, changed: time, device: 3, inode: .max)
        let limits = PagedListBuilder.Limits(minimum: 64, target: 128, maximum: 200, inline: 20)
        var extents = PagedListBuilder(kind: .extents, limits: limits)
        for number in UInt8(0)..<8 {
            let source: FileExtent.Source = number % 3 == 0 ? .hole : .chunk(try id(number), offset: Int(number) % 2)
            try extents.append(
                FileExtent(lengthBytes: 9, source: source).encoded(), hash: UInt64(number), store: store)
        }
        let bodies: [TreeEntry.Body] = [
            .file(sizeBytes: 72, extents: try extents.finish(store: store), isTorn: true),
            .directory(.inline([])), .symbolicLink(target: [65]), .pipe, .socket, .characterDevice(major: 1, minor: 2),
        ]
        var entries = PagedListBuilder(kind: .entries, limits: limits)
        for (number, body) in bodies.enumerated() {
            let entry = TreeEntry(
                name: [UInt8(65 + number)], attributes: attributes,
                extendedAttributes: [ExtendedAttribute(name: [97], value: [1, 2])], isHardLink: true, body: body)
            try entries.append(entry.encoded(), hash: UInt64(number), store: store)
        }
        let list = try entries.finish(store: store)
        _ = try TreeRoot.store(TreeEntry(name: [], attributes: attributes, body: .directory(list)), store: store)
        var map = ImageMapBuilder()
        try map.append(ImageExtent(blocks: 3, chunk: try id(1)), store: store)
        try map.appendHoles(5, store: store)
        let patch = ImageExtent.Patch(block: 1, count: 1, source: try id(2), sourceBlock: 0)
        try map.append(ImageExtent(blocks: 4, base: try id(3), patches: [patch], contents: nil), store: store)
        try map.appendHoles(ImageBlock.perPage * 2, store: store)
        let root = ImageRoot(
            sizeBytes: Int64(map.blockCount * ImageBlock.sizeBytes), isRegularFile: true, isTorn: false, modified: time,
            changed: time, device: 0, inode: 0, map: try map.finish(store: store))
        _ = try root.store(store)
        let first: [StoredDecoder: PageKind] = [
            .treeRoot: .treeRoot, .entries: .entries, .extents: .extents, .imageRoot: .imageRoot, .imageMap: .imageMap,
        ]
        return nodes.filter { $0.first == first[kind]?.rawValue }
    }
}
