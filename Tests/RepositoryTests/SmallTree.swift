import Foundation
import HoldfastCore
import TestSupport

@testable import Repository

/// Trees of very small files, in manifests of very small pages: every kind of node, in a few kilobytes.
struct SmallTree: Equatable, Sendable {
    /// Path (a directory and a name) → the chunks of its contents, by number; 0 is a hole.
    var files: [String: [UInt64]] = [:]

    static let holeBytes = 4096

    /// The bytes of a chunk: always the same for a number, some of them compressible.
    static func chunk(_ number: UInt64) -> [UInt8] {
        if number == 0 { return [UInt8](repeating: 0, count: holeBytes) }
        var random = SeededGenerator(seed: number)
        let count = 150 + Int(random.next() % 700)
        return number.isMultiple(of: 3)
            ? [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: count) + random.bytes(32)
            : random.bytes(count)
    }

    var contents: [String: [UInt8]] { files.mapValues { $0.flatMap(Self.chunk) } }

    static func random(_ random: inout SeededGenerator, chunks: UInt64 = 16) -> SmallTree {
        var tree = SmallTree()
        for _ in 0..<Int.random(in: 0...5, using: &random) { tree.change(&random, chunks: chunks) }
        return tree
    }

    /// Writes or removes one file.
    mutating func change(_ random: inout SeededGenerator, chunks: UInt64 = 16) {
        let path = "d\(Int.random(in: 0..<2, using: &random))/f\(Int.random(in: 0..<4, using: &random))"
        let isGone = Int.random(in: 0..<5, using: &random) == 0
        let count = Int.random(in: 0...6, using: &random)
        files[path] = isGone ? nil : (0..<count).map { _ in UInt64.random(in: 0..<chunks, using: &random) }
    }

    private static let limits = PagedListBuilder.Limits(minimum: 64, target: 128, maximum: 256, inline: 40)
    private static let time = ItemTime(seconds: 1, nanoseconds: 2)
    private static let attributes = ItemAttributes(
        mode: 0o644, owner: 0, group: 0, modified: time, changed: time, device: 1, inode: 1)

    /// A backup as `Transfer` makes it, without a file system: stores, takes over what a parent has, commits.
    ///
    /// - Parameter verify: reads back what the repository has already, and stores anew what is damaged.
    @discardableResult
    func backUp(
        to repository: Repository, label: String = "", parent: (id: RestorePointID, tree: SmallTree)? = nil,
        verify: Bool = false, domain: String = "local"
    ) throws -> RestorePoint {
        let session = try repository.beginBackup(domain: domain)
        do {
            let old = parent.flatMap { session.isKnownToPlans($0.id) ? takeable(from: $0, in: repository) : nil } ?? [:]
            let root = try store(taking: old) {
                try session.store($0, verify: verify)
            } contains: {
                session.contains($0)
            }
            return try session.commit(
                RestorePointDescription(
                    createdAt: repository.seams.now(), kind: .tree, source: "/small", root: root,
                    logicalBytes: Int64(contents.values.reduce(0) { $0 + $1.count }), entryCount: files.count + 1,
                    domain: domain, labels: ["backup": label], warningCount: 0))
        } catch {
            session.abandon()
            throw error
        }
    }

    /// The extents of files that are the same in the parent, as its manifest has them.
    private func takeable(
        from parent: (id: RestorePointID, tree: SmallTree), in repository: Repository
    ) -> [String: PagedList]? {
        guard let point = try? repository.restorePoint(parent.id) else { return nil }
        let reader = repository.reader()
        var found: [String: PagedList] = [:]
        do {
            let browser = try TreeBrowser(point.description.root) { try reader.read($0) }
            try browser.walk(below: browser.root) { path, entry in
                let name = PrintablePath.text(path)
                guard case .file(_, let extents, _) = entry.body, files[name] == parent.tree.files[name] else { return }
                found[name] = extents
            }
        } catch { return nil }
        return found
    }

    private func store(
        taking old: [String: PagedList], _ store: @escaping NodeStore, contains: (ChunkID) -> Bool
    ) throws -> ChunkID {
        var directories = PagedListBuilder(kind: .entries, limits: Self.limits)
        for directory in Set(files.keys.map { $0.split(separator: "/")[0] }).sorted() {
            var entries = PagedListBuilder(kind: .entries, limits: Self.limits)
            for path in files.keys.filter({ $0.hasPrefix(directory + "/") }).sorted() {
                let chunks = files[path] ?? []
                let bytes = chunks.reduce(0) { $0 + Int64(Self.chunk($1).count) }
                var extents: PagedList?
                if let kept = old[path], case .tree(_, let top) = kept, contains(top) { extents = kept }
                let entry = TreeEntry(
                    name: Array(path.split(separator: "/")[1].utf8), attributes: Self.attributes,
                    body: .file(
                        sizeBytes: bytes, extents: try extents ?? Self.extents(chunks, store), isTorn: false))
                try entries.append(entry.encoded(), hash: fingerprint(entry.name), store: store)
            }
            let entry = TreeEntry(
                name: Array(directory.utf8), attributes: Self.attributes,
                body: .directory(try entries.finish(store: store)))
            try directories.append(entry.encoded(), hash: fingerprint(entry.name), store: store)
        }
        let root = TreeEntry(
            name: [], attributes: Self.attributes, body: .directory(try directories.finish(store: store)))
        return try TreeRoot.store(root, store: store)
    }

    private static func extents(_ chunks: [UInt64], _ store: @escaping NodeStore) throws -> PagedList {
        var builder = PagedListBuilder(kind: .extents, limits: limits)
        for number in chunks {
            let bytes = chunk(number)
            let source: FileExtent.Source =
                number == 0 ? .hole : .chunk(try bytes.withUnsafeBytes { try store($0) }, offset: 0)
            try builder.append(
                FileExtent(lengthBytes: Int64(bytes.count), source: source).encoded(), hash: number, store: store)
        }
        return try builder.finish(store: store)
    }

    /// Every file of a restore point with its bytes.
    static func read(_ point: RestorePoint, from repository: Repository) throws -> [String: [UInt8]] {
        let reader = repository.reader()
        let browser = try TreeBrowser(point.description.root) { try reader.read($0) }
        var found: [String: [UInt8]] = [:]
        try browser.walk(below: browser.root) { path, entry in
            guard case .file(let sizeBytes, let extents, _) = entry.body else { return }
            var bytes: [UInt8] = []
            try browser.contents(of: extents) { bytes += $0 }
            guard Int64(bytes.count) == sizeBytes else { throw RepositoryError.corrupt("file", "it is cut") }
            found[PrintablePath.text(path)] = bytes
        }
        return found
    }
}
