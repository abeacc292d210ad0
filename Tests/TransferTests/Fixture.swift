import Endpoints
import Foundation
import HoldfastCore
import ObjectStorage
import Repository
import TestSupport
import Transfer

/// A repository in memory, and the two functions on it with what tests rarely change.
struct Fixture: Sendable {
    let repository: Repository
    let key: KeyFile
    var seams: Seams

    init(store: any ObjectStore = MemoryObjectStore()) throws {
        var seams = Seams.live
        // Long after the files were made, so that their times are trusted.
        seams.now = { Date(timeIntervalSinceNow: 3600) }
        self.seams = seams
        key = KeyFile(randomBytes: seams.randomBytes)
        repository = try Repository.create(in: store, unlockedBy: .keyFile(key), seams: seams)
    }

    /// Opens another's repository, which lies in `store` too.
    init(opening store: any ObjectStore, of other: Fixture) throws {
        (key, seams) = (other.key, other.seams)
        repository = try Repository.open(store, unlockedBy: .keyFile(key), seams: seams)
    }

    func backUp(
        tree path: String, parent: RestorePointID? = nil, rereadAll: Bool = false, hooks: SourceHooks = SourceHooks()
    ) async throws -> BackupOutcome {
        try await backUp(.tree(path: path), parent: parent, rereadAll: rereadAll, hooks: hooks)
    }

    func backUp(
        image path: String, parent: RestorePointID? = nil, changes: ChangeList? = nil, rereadAll: Bool = false,
        hooks: SourceHooks = SourceHooks()
    ) async throws -> BackupOutcome {
        try await backUp(.image(path: path), parent: parent, changes: changes, rereadAll: rereadAll, hooks: hooks)
    }

    private func backUp(
        _ source: SourceLocation, parent: RestorePointID?, changes: ChangeList? = nil, rereadAll: Bool,
        hooks: SourceHooks
    ) async throws -> BackupOutcome {
        let request = BackupRequest(
            source: source, domain: "local", parent: parent, changes: changes, rereadAll: rereadAll)
        return try await Transfer.backUp(request, into: repository, seams: seams, hooks: hooks, progress: { _ in })
    }

    @discardableResult
    func restore(
        _ id: RestorePointID, to target: SourceLocation, deleteExtra: Bool = false,
        hooks: RestoreHooks = RestoreHooks()
    ) async throws -> RestoreOutcome {
        let request = RestoreRequest(restorePoint: id, target: target, deleteExtra: deleteExtra)
        return try await Transfer.restore(request, from: repository, seams: seams, hooks: hooks, progress: { _ in })
    }
}

/// Counts from any thread.
final class Counter: Sendable {
    private let lock = NSLock()
    private nonisolated(unsafe) var names: [String] = []  // only touched with `lock` held

    var seen: [String] { lock.withLock { names } }

    func add(_ name: String) { lock.withLock { names.append(name) } }

    /// - Returns: how many came before.
    func next() -> Int {
        lock.withLock {
            names.append("")
            return names.count - 1
        }
    }
}

func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
}

func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }
