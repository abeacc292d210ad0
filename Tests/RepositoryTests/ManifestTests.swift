import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Repository

@Suite("Manifests hold what was put in, and bad bytes are refused")
struct ManifestTests {
    /// Nodes by name. The names are made up: nothing here depends on how chunks are named.
    private final class Nodes {
        var bytes: [ChunkID: [UInt8]] = [:]

        func store(_ plain: UnsafeRawBufferPointer) throws -> ChunkID {
            let plain = Array(plain)
            let id = try #require(ChunkID(bytes: try Digest.sha256(plain)))
            bytes[id] = plain
            return id
        }

        func fetch(_ id: ChunkID) throws -> [UInt8] {
            guard let found = bytes[id] else { throw RepositoryError.missing(id) }
            return found
        }
    }

    @Test("a directory of any size gives its entries back in order", arguments: [0, 1, 100, 20_000])
    func entries(count: Int) throws {
        let nodes = Nodes()
        var random = SeededGenerator(seed: UInt64(count))
        let entries = (0..<count).map { Self.entry($0, random: &random) }
        let list = try Self.directory(entries, nodes)
        var cursor = DirectoryCursor(list, fetch: nodes.fetch)
        var found: [TreeEntry] = []
        while let entry = try cursor.next() { found.append(entry) }
        #expect(found == entries)
        #expect(count < 20_000 || nodes.bytes.values.allSatisfy { $0.count <= Chunk.plainBytesMax })
    }

    @Test("one more entry costs a page or two, wherever it goes", arguments: [0, 9_999, 20_000])
    func insertion(place: Int) throws {
        let nodes = Nodes()
        var random = SeededGenerator(seed: 9)
        var entries = (0..<20_000).map { Self.entry($0 * 2 + 1, random: &random) }
        _ = try Self.directory(entries, nodes)
        let before = nodes.bytes.count
        entries.insert(Self.entry(place * 2, random: &random), at: place)
        _ = try Self.directory(entries, nodes)
        #expect(nodes.bytes.count - before <= 6)
    }

    @Test("an image map gives its extents and holes back", arguments: [UInt64](1...10))
    func map(seed: UInt64) throws {
        let nodes = Nodes()
        var random = SeededGenerator(seed: seed)
        let (root, wanted) = try Self.image(random: &random, nodes)
        var cursor = ImageMapCursor(try ImageRoot.read(root, fetch: nodes.fetch), fetch: nodes.fetch)
        var found: [Int: ImageExtent] = [:]
        var end = 0
        while let run = try cursor.next() {
            switch run {
            case .extent(let block, let extent):
                #expect(block == end)
                found[block] = extent
                end += extent.blocks
            case .hole(let block, let count):
                #expect(block == end)
                end += count
            }
        }
        #expect(found == wanted)
    }

    /// Goal: whatever a node holds, reading it ends, with an error or without. Method: valid manifests, some bytes of
    /// one node changed, cut off, or made longer.
    @Test("damaged nodes end in an error, never in a crash or for ever", arguments: [UInt64](1...40))
    func damaged(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let nodes = Nodes()
        let files = (0..<300).map { Self.entry($0, random: &random) }
        let inner = TreeEntry(
            name: Array("inner".utf8), attributes: files[0].attributes,
            body: .directory(try Self.directory(files, nodes)))
        let root = try TreeRoot.store(
            TreeEntry(name: [], attributes: inner.attributes, body: .directory(try Self.directory([inner], nodes))),
            store: nodes.store)
        let (image, _) = try Self.image(random: &random, nodes)
        let whole = nodes.bytes
        let names = whole.keys.sorted { $0.description < $1.description }
        for _ in 0..<50 {
            nodes.bytes = whole
            let victim = try #require(names.randomElement(using: &random))
            var bytes = try #require(whole[victim])
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            case 1: bytes += random.bytes(Int.random(in: 1...40, using: &random))
            default:
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            }
            nodes.bytes[victim] = bytes
            var visits = 0
            let walker = ManifestWalker(fetch: nodes.fetch)
            func count(_: ManifestWalker.Visit) throws {
                visits += 1
                if visits > 100_000 { throw Endless() }
            }
            var reports = 0
            func report() throws {
                reports += 1
                if reports > 100_000 { throw Endless() }
            }
            #expect(throws: Never.self) { try walker.walkTree(root, visit: count, damaged: { _, _ in try report() }) }
            #expect(throws: Never.self) { try walker.walkImage(image, visit: count, damaged: { _ in try report() }) }
        }
    }

    private struct Endless: Error {}

    private static func directory(_ entries: [TreeEntry], _ nodes: Nodes) throws -> PagedList {
        var builder = DirectoryBuilder()
        for entry in entries { try builder.append(entry, store: nodes.store) }
        return try builder.finish(store: nodes.store)
    }

    private static func entry(_ number: Int, random: inout SeededGenerator) -> TreeEntry {
        let time = ItemTime(
            seconds: .random(in: -1_000_000...2_000_000_000, using: &random),
            nanoseconds: .random(in: 0...999_999_999, using: &random))
        let attributes = ItemAttributes(
            mode: .random(in: 0...0o7777, using: &random), owner: .random(in: 0...UInt32.max, using: &random),
            group: .random(in: 0...UInt32.max, using: &random), modified: time, changed: time,
            device: .random(in: 0...UInt64.max, using: &random), inode: .random(in: 0...UInt64.max, using: &random))
        let body: TreeEntry.Body =
            switch Int.random(in: 0..<6, using: &random) {
            case 0: .symbolicLink(target: random.bytes(20).map { $0 | 1 })
            case 1: .pipe
            case 2: .characterDevice(major: 1, minor: .random(in: 0...UInt32.max, using: &random))
            default: .file(sizeBytes: 0, extents: .empty, isTorn: Bool.random(using: &random))
            }
        let extended =
            Bool.random(using: &random)
            ? [ExtendedAttribute(name: Array("user.a".utf8), value: random.bytes(30))] : []
        return TreeEntry(
            name: Array(String(format: "%08d", number).utf8), attributes: attributes, extendedAttributes: extended,
            isHardLink: Bool.random(using: &random), body: body)
    }

    private static func image(random: inout SeededGenerator, _ nodes: Nodes) throws -> (ChunkID, [Int: ImageExtent]) {
        var builder = ImageMapBuilder()
        var wanted: [Int: ImageExtent] = [:]
        for _ in 0..<200 {
            if Int.random(in: 0..<4, using: &random) == 0 {
                let blocks = [1, 20, ImageBlock.perPage, 300 * ImageBlock.perPage].randomElement(using: &random) ?? 1
                try builder.appendHoles(Int.random(in: 1...blocks, using: &random), store: nodes.store)
            } else {
                for _ in 0..<Int.random(in: 1...20, using: &random) {
                    let blocks = min(Int.random(in: 1...512, using: &random), builder.blocksLeft)
                    let extent = try extent(blocks, random: &random)
                    wanted[builder.blockCount] = extent
                    try builder.append(extent, store: nodes.store)
                }
            }
        }
        let epoch = ItemTime(seconds: 0, nanoseconds: 0)
        let root = ImageRoot(
            sizeBytes: Int64(builder.blockCount) * Int64(ImageBlock.sizeBytes), isRegularFile: true, isTorn: false,
            modified: epoch, changed: epoch, device: 0, inode: 0, map: try builder.finish(store: nodes.store))
        return (try root.store(nodes.store), wanted)
    }

    /// A chunk of its own, or one that is patched from others.
    private static func extent(_ blocks: Int, random: inout SeededGenerator) throws -> ImageExtent {
        func name() throws -> ChunkID { try #require(ChunkID(bytes: random.bytes(32))) }
        if Bool.random(using: &random) { return ImageExtent(blocks: blocks, chunk: try name()) }
        let sources = [nil, try name(), try name()]
        var patches: [ImageExtent.Patch] = []
        var block = Int.random(in: 0...3, using: &random)
        while block < blocks {
            let count = Int.random(in: 1...min(3, blocks - block), using: &random)
            let source = sources[Int.random(in: 0...2, using: &random)]
            patches.append(
                ImageExtent.Patch(
                    block: block, count: count, source: source,
                    sourceBlock: source == nil ? 0 : Int.random(in: 0..<1024, using: &random)))
            block += count + Int.random(in: 0...40, using: &random)
        }
        return ImageExtent(
            blocks: blocks, base: try name(), patches: patches, contents: Bool.random(using: &random) ? try name() : nil
        )
    }
}
