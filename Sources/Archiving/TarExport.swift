import Foundation
public import Repository

/// Writes a restore point, or a part of it, as a tar stream.
///
/// Members are named from the chosen directory down, the directory itself being `.`. What `tar -x` makes of them is what a
/// restore makes, sockets left out: the format has none. Reads in order, on the calling thread; every byte is verified
/// before it goes out. Memory: the reader's cache; 16 bytes for each run of data of the file that is being written; and the
/// path of each file that has further names.
public struct TarExport {
    private let point: RestorePoint
    private let reader: ChunkReader

    public init(_ point: RestorePoint, reader: ChunkReader) {
        self.point = point
        self.reader = reader
    }

    /// - Parameters:
    ///   - path: names from the root of a tree down; none is all of it.
    ///   - descriptor: stays open.
    ///   - leftOut: called for what the format can't hold.
    /// - Throws: ``ArchivingError``, ``RepositoryError`` or ``MalformedManifest``; what was written is then no whole archive.
    public func write(
        _ path: [[UInt8]], to descriptor: Int32, leftOut: ([[UInt8]]) -> Void
    ) throws {
        let writer = try TarWriter(to: descriptor)
        switch point.description.kind {
        case .tree: try writeTree(path, writer, leftOut)
        case .image: try writeImage(path, writer)
        }
        try writer.finish()
    }

    private func fetch(_ id: ChunkID) throws -> [UInt8] { try reader.read(id) }

    // MARK: Trees

    private func writeTree(_ path: [[UInt8]], _ writer: TarWriter, _ leftOut: ([[UInt8]]) -> Void) throws {
        let browser = try TreeBrowser(point.description.root, fetch: fetch)
        guard let start = try browser.entry(at: path) else {
            throw ArchivingError(
                .nothingThere,
                "there is no \(String(decoding: Array(path.joined(separator: [47])), as: UTF8.self)) in restore point "
                    + "\(point.id)")
        }
        var names: [FileIdentity: [UInt8]] = [:]
        guard case .directory = start.body else {
            return try write(start, [start.name], browser, writer, &names, leftOut)
        }
        try write(start, [], browser, writer, &names, leftOut)
        try browser.walk(below: start) { path, entry in try write(entry, path, browser, writer, &names, leftOut) }
    }

    private struct FileIdentity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private func write(
        _ entry: TreeEntry, _ path: [[UInt8]], _ browser: TreeBrowser, _ writer: TarWriter,
        _ names: inout [FileIdentity: [UInt8]], _ leftOut: ([[UInt8]]) -> Void
    ) throws {
        guard let kind = try kind(of: entry) else { return leftOut(path) }
        var name = Array("./".utf8) + path.joined(separator: [UInt8(ascii: "/")])
        if case .directory = kind, !path.isEmpty { name.append(UInt8(ascii: "/")) }
        var member = TarMember(
            path: name, kind: kind, mode: entry.attributes.mode, owner: entry.attributes.owner,
            group: entry.attributes.group, modified: entry.attributes.modified,
            extendedAttributes: entry.extendedAttributes)
        if entry.isHardLink {
            let identity = FileIdentity(device: entry.attributes.device, inode: entry.attributes.inode)
            if let first = names[identity] {
                member = member.linked(to: first)
                return try writer.begin(member)
            }
            names[identity] = name
        }
        try writer.begin(member)
        guard case .file(let size, let extents, _) = entry.body else { return }
        var written: Int64 = 0
        try browser.contents(of: extents) { piece in
            written += Int64(piece.count)
            try piece.withUnsafeBytes { try writer.write($0) }
        }
        guard written == size else { throw MalformedManifest.wrongLength }
    }

    /// - Returns: nil for what the format can't hold.
    private func kind(of entry: TreeEntry) throws -> TarMember.Kind? {
        switch entry.body {
        case .file(let size, let extents, _):
            return .file(sizeBytes: size, dataRuns: try dataRuns(extents))
        case .directory: return .directory
        case .symbolicLink(let target): return .symbolicLink(target: target)
        case .pipe: return .pipe
        case .socket: return nil
        case .characterDevice(let major, let minor): return .characterDevice(major: major, minor: minor)
        case .blockDevice(let major, let minor): return .blockDevice(major: major, minor: minor)
        }
    }

    /// - Returns: nil when there is no hole.
    private func dataRuns(_ extents: PagedList) throws -> [Range<Int64>]? {
        var runs: [Range<Int64>] = []
        var hasHoles = false
        var offset: Int64 = 0
        var cursor = ExtentsCursor(extents, fetch: fetch)
        while let extent = try cursor.next() {
            let end = offset + extent.lengthBytes
            if extent.source == .hole {
                hasHoles = true
            } else if let last = runs.last, last.upperBound == offset {
                runs[runs.count - 1] = last.lowerBound..<end
            } else {
                runs.append(offset..<end)
            }
            offset = end
        }
        return hasHoles ? runs : nil
    }

    // MARK: Images

    private func writeImage(_ path: [[UInt8]], _ writer: TarWriter) throws {
        guard path.isEmpty else {
            throw ArchivingError(.nothingThere, "restore point \(point.id) is an image: there are no paths in it")
        }
        let image = try ImageRoot.read(point.description.root, fetch: fetch)
        let runs = try ImagePieces.dataRuns(of: image, reader: reader)
        let name = point.description.source.utf8.split(separator: UInt8(ascii: "/")).last.map(Array.init)
        let isWhole = runs == [0..<image.sizeBytes]
        let seconds = point.description.createdAt.timeIntervalSince1970.rounded(.down)
        try writer.begin(
            TarMember(
                path: name ?? Array("image".utf8),
                kind: .file(sizeBytes: image.sizeBytes, dataRuns: isWhole ? nil : runs), mode: 0o600, owner: 0,
                group: 0,
                modified: image.isRegularFile ? image.modified : ItemTime(seconds: Int64(seconds), nanoseconds: 0),
                extendedAttributes: []))
        var pieces = ImagePieces(image, reader: reader)
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        while let piece = try pieces.next() {
            switch piece {
            case .data(let bytes): try bytes.withUnsafeBytes { try writer.write($0) }
            case .hole(var left):
                while left > 0 {
                    let count = Int(min(left, Int64(zeros.count)))
                    try zeros.withUnsafeBytes { try writer.write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                    left -= Int64(count)
                }
            }
        }
    }
}

extension TarMember {
    fileprivate func linked(to first: [UInt8]) -> TarMember {
        TarMember(
            path: path, kind: .hardLink(to: first), mode: mode, owner: owner, group: group, modified: modified,
            extendedAttributes: [])
    }
}
