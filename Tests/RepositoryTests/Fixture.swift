import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport

@testable import Repository

/// Repositories in memory, and restore points in them.
enum Fixture {
    static let key = KeyFile(randomBytes: { Data(repeating: 7, count: $0) })

    static func create(_ store: any ObjectStore) throws -> Repository {
        try Repository.create(in: store, unlockedBy: .keyFile(key), seams: .live)
    }

    static func open(_ store: any ObjectStore) throws -> Repository {
        try Repository.open(store, unlockedBy: .keyFile(key), seams: .live)
    }

    /// A clock that goes on by a second at each look, and random bytes, all fixed by a seed.
    static func seams(seed: UInt64) -> Seams {
        var seams = Seams.live
        let random = Locked(SeededGenerator(seed: seed))
        let clock = Locked(1_800_000_000)
        seams.randomBytes = { count in random.with { Data($0.bytes(count)) } }
        seams.now = {
            Date(
                timeIntervalSince1970: TimeInterval(
                    clock.with { clock in
                        clock += 1
                        return clock
                    }))
        }
        return seams
    }

    static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    static let extentBytes = 64 << 10

    /// Extents of an image, one for each seed.
    static func image(_ seeds: [UInt64]) -> [[UInt8]] { seeds.map { bytes(extentBytes, seed: $0) } }

    /// Stores an image and commits a restore point of it.
    @discardableResult
    static func backUp(_ extents: [[UInt8]], to repository: Repository, domain: String = "local") throws -> RestorePoint
    {
        try finish(try repository.beginBackup(domain: domain), extents, domain: domain)
    }

    /// Stores an image in a session that may have parts of it already, and commits a restore point.
    static func finish(
        _ session: BackupSession, _ extents: [[UInt8]], domain: String = "local"
    ) throws -> RestorePoint { try session.commit(try store(extents, in: session, domain: domain)) }

    /// Stores an image with its manifest, so that the restore point is what is left to make.
    static func store(
        _ extents: [[UInt8]], in session: BackupSession, domain: String = "local"
    ) throws -> RestorePointDescription {
        let store: NodeStore = { try session.store($0) }
        var builder = ImageMapBuilder()
        for extent in extents {
            let id = try extent.withUnsafeBytes { try session.store($0) }
            try builder.append(ImageExtent(blocks: extent.count / ImageBlock.sizeBytes, chunk: id), store: store)
        }
        let epoch = ItemTime(seconds: 0, nanoseconds: 0)
        let root = ImageRoot(
            sizeBytes: Int64(extents.reduce(0) { $0 + $1.count }), isRegularFile: true, isTorn: false, modified: epoch,
            changed: epoch, device: 0, inode: 0, map: try builder.finish(store: store))
        return RestorePointDescription(
            createdAt: Date(timeIntervalSince1970: 1_750_000_000), kind: .image, source: "/image",
            root: try root.store(store), logicalBytes: Int64(extents.reduce(0) { $0 + $1.count }),
            entryCount: 1, domain: domain, labels: ["vault_name": "v"], warningCount: 0)
    }

    /// Backs up an image of many small extents, a block for each seed.
    static func backUp(blocks: [UInt64], to repository: Repository) throws -> RestorePoint {
        try finish(try repository.beginBackup(domain: "local"), blocks.map { bytes(ImageBlock.sizeBytes, seed: $0) })
    }

    /// Reads an image back, extent by extent.
    static func read(_ point: RestorePoint, from repository: Repository) throws -> [[UInt8]] {
        let reader = repository.reader()
        let fetch: NodeFetch = { try reader.read($0) }
        var cursor = ImageMapCursor(try ImageRoot.read(point.description.root, fetch: fetch), fetch: fetch)
        var extents: [[UInt8]] = []
        while let run = try cursor.next() {
            guard case .extent(_, let extent) = run else { continue }
            extents.append(try reader.contents(of: extent, sizeBytes: extent.blocks * ImageBlock.sizeBytes))
        }
        return extents
    }
}
