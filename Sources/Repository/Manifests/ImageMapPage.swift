/// The lowest page of an image's map: where the contents of 64 MiB are.
///
/// `header || count of sources || their names(32) || runs …`. A run is a hole, `0 || blocks`, or an ``ImageExtent``, whose
/// patches are `blocks since the last patch || blocks || source || [first block in it]`; sources are counted from 1 in the
/// order of the names, and 0 means zeros.
struct ImageMapPage {
    enum Run: Sendable, Equatable {
        case hole(blocks: Int)
        case extent(ImageExtent)

        var blocks: Int {
            switch self {
            case .hole(let blocks): blocks
            case .extent(let extent): extent.blocks
            }
        }
    }

    var runs: [Run] = []

    var isHole: Bool {
        runs.allSatisfy { if case .hole = $0 { true } else { false } }
    }

    private static let unknown = [UInt8](repeating: 0, count: ChunkID.sizeBytes)

    func encoded() -> [UInt8] {
        var numbers: [ChunkID: Int] = [:]
        var writer = ManifestWriter()
        var body = ManifestWriter()
        var names: [ChunkID] = []
        for run in runs {
            guard case .extent(let extent) = run else {
                body.byte(0)
                body.integer(UInt64(run.blocks))
                continue
            }
            for source in extent.sources where numbers[source] == nil {
                names.append(source)
                numbers[source] = names.count
            }
            Self.encode(extent, numbers, into: &body)
        }
        writer.raw(PageKind.imageMap.header(level: 0))
        writer.integer(UInt64(names.count))
        for name in names { writer.raw(name.bytes) }
        writer.raw(body.bytes)
        return writer.bytes
    }

    private static func encode(_ extent: ImageExtent, _ numbers: [ChunkID: Int], into body: inout ManifestWriter) {
        let isWhole = extent.patches.isEmpty && extent.contents == extent.base
        body.byte(isWhole ? 1 : 2)
        body.integer(UInt64(extent.blocks))
        if !isWhole { body.raw(extent.contents?.bytes ?? unknown) }
        body.raw(extent.base.bytes)
        if isWhole { return }
        body.integer(UInt64(extent.patches.count))
        var end = 0
        for patch in extent.patches {
            body.integer(UInt64(patch.block - end))
            body.integer(UInt64(patch.count))
            let number = patch.source.flatMap { numbers[$0] } ?? 0
            body.integer(UInt64(number))
            if number > 0 { body.integer(UInt64(patch.sourceBlock)) }
            end = patch.block + patch.count
        }
    }

    init() {}

    /// - Parameter blocks: how many the page stands for.
    init(decoding bytes: [UInt8], blocks: Int) throws(MalformedManifest) {
        var parser = try PageKind.imageMap.open(bytes, level: 0)
        let count = Int(try parser.integer(atMost: UInt64(bytes.count / ChunkID.sizeBytes), "count of sources"))
        var sources: [ChunkID] = []
        for _ in 0..<count { sources.append(try parser.chunkID()) }
        var left = blocks
        while !parser.isAtEnd {
            let run = try Self.run(from: &parser, sources, blocksMax: left)
            left -= run.blocks
            runs.append(run)
        }
        guard left == 0 else { throw MalformedManifest("a map page of the wrong length") }
    }

    private static func run(
        from parser: inout ManifestParser, _ sources: [ChunkID], blocksMax: Int
    ) throws(MalformedManifest) -> Run {
        let tag = try parser.byte()
        let blocks = Int(try parser.integer(atMost: UInt64(blocksMax), "length of a run"))
        guard blocks > 0 else { throw MalformedManifest("an empty run") }
        if tag == 0 { return .hole(blocks: blocks) }
        guard tag <= 2, blocks <= ImageBlock.perExtentMax else { throw MalformedManifest("unknown kind of run") }
        let first = try parser.chunkID()
        if tag == 1 { return .extent(ImageExtent(blocks: blocks, chunk: first)) }
        let base = try parser.chunkID()
        var patches: [ImageExtent.Patch] = []
        var end = 0
        for _ in 0..<(try parser.integer(atMost: UInt64(blocks), "count of patches")) {
            let start = end + Int(try parser.integer(atMost: UInt64(blocks - end), "place of a patch"))
            let length = Int(try parser.integer(atMost: UInt64(blocks - start), "length of a patch"))
            guard length > 0 else { throw MalformedManifest("an empty patch") }
            let number = Int(try parser.integer(atMost: UInt64(sources.count), "source"))
            let sourceBlock =
                number == 0
                ? 0 : Int(try parser.integer(atMost: UInt64(ImageBlock.perExtentMax - 1), "place in a source"))
            patches.append(
                ImageExtent.Patch(
                    block: start, count: length, source: number == 0 ? nil : sources[number - 1],
                    sourceBlock: sourceBlock))
            end = start + length
        }
        return .extent(
            ImageExtent(
                blocks: blocks, base: base, patches: patches, contents: first.isZero ? nil : first))
    }
}
