import Foundation
import HoldfastCore
import Repository
import Synchronization

/// What a mount shows, without the kernel: paths to items, and contents. Called by many threads; every call may block.
///
/// Memory: the reader's cache of 24 MiB, ``DirectoryCache``, the list of restore points, and what each open file needs.
final class MountedRepository: Sendable {
    enum Node {
        /// The directory of all restore points.
        case top
        case item(TreeEntry, of: RestorePoint)
        case image(ImageRoot, of: RestorePoint)
    }

    /// An open directory: what it held when it was opened.
    enum Listing {
        case points([[UInt8]])
        case entries(PackedDirectory, of: RestorePoint)

        var count: Int {
            switch self {
            case .points(let names): names.count
            case .entries(let directory, _): directory.count
            }
        }
    }

    /// An open file.
    enum Contents: Sendable {
        case file(FileContents)
        case image(ImageContents)

        func read(at offset: Int64, into room: UnsafeMutableRawBufferPointer) throws -> Int {
            switch self {
            case .file(let contents): try contents.read(at: offset, into: room)
            case .image(let contents): try contents.read(at: offset, into: room)
            }
        }
    }

    let folders: PointFolders
    private let reader: ChunkReader
    private let directories: DirectoryCache
    /// The root entries of trees, which are one small chunk each.
    private let roots = Mutex<[RestorePointID: TreeEntry]>([:])
    private static let rootsMax = 4096
    private let report: @Sendable (String) -> Void

    init(
        _ repository: Repository, uptime: @escaping @Sendable () -> Duration,
        report: @escaping @Sendable (String) -> Void
    ) throws {
        reader = repository.reader()
        directories = DirectoryCache(reader: reader)
        folders = try PointFolders(repository, uptime: uptime, report: report)
        self.report = report
    }

    /// - Parameter path: absolute, as the kernel's bytes.
    /// - Returns: nil when there is nothing of that path.
    func node(at path: [UInt8]) throws -> Node? {
        let names = path.split(separator: UInt8(ascii: "/")).map(Array.init)
        guard let first = names.first else { return .top }
        guard let point = try folders.point(named: first) else { return nil }
        if point.description.kind == .image {
            return names.count == 1 ? .image(try image(point), of: point) : nil
        }
        var entry = try root(point)
        for name in names.dropFirst() {
            guard case .directory(let entries) = entry.body,
                let next = try directories.directory(entries).entry(named: name)
            else { return nil }
            entry = next
        }
        return .item(entry, of: point)
    }

    /// - Returns: nil for what is no directory.
    func listing(of node: Node) throws -> Listing? {
        switch node {
        case .top: return .points(try folders.names())
        case .item(let entry, let point):
            guard case .directory(let entries) = entry.body else { return nil }
            return .entries(try directories.directory(entries), of: point)
        case .image: return nil
        }
    }

    /// - Returns: nil when the item has gone since the listing was made.
    func item(_ index: Int, of listing: Listing) throws -> (name: [UInt8], node: Node)? {
        switch listing {
        case .points(let names): return try node(at: names[index]).map { (names[index], $0) }
        case .entries(let directory, let point):
            let entry = try directory.entry(at: index)
            return (entry.name, .item(entry, of: point))
        }
    }

    /// - Returns: nil for what has no contents.
    func contents(of node: Node) -> Contents? {
        switch node {
        case .item(let entry, _):
            guard case .file(let size, let extents, _) = entry.body else { return nil }
            return .file(FileContents(sizeBytes: size, extents: extents, reader: reader))
        case .image(let image, _): return .image(ImageContents(image, reader: reader))
        case .top: return nil
        }
    }

    /// Says on behalf of a call that failed what the caller, who sees only a number, is not told.
    func note(_ error: any Error, at path: [UInt8]) {
        let reason =
            switch error {
            case let error as RepositoryError: error.message
            case let error as MalformedManifest: "its manifest makes no sense: \(error.reason)"
            default: "\(error)"
            }
        report("\(String(decoding: path, as: UTF8.self)): \(reason)")
    }

    private func root(_ point: RestorePoint) throws -> TreeEntry {
        if let kept = roots.withLock({ $0[point.id] }) { return kept }
        let entry = try TreeRoot.read(point.description.root, fetch: { [reader] in try reader.read($0) })
        roots.withLock { roots in
            if roots.count >= Self.rootsMax { roots.removeAll() }
            roots[point.id] = entry
        }
        return entry
    }

    private func image(_ point: RestorePoint) throws -> ImageRoot {
        try ImageRoot.read(point.description.root, fetch: { [reader] in try reader.read($0) })
    }
}
