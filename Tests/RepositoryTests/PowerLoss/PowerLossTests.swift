import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("A loss of power takes nothing that was acknowledged")
struct PowerLossTests {
    private enum Event: Sendable {
        case file(FileChangeEvent)
        case acknowledged(RestorePointID, SmallTree)
        case removing(RestorePointID)
        case removed(RestorePointID)
    }

    /// Goal: what a store said is durable is. Method: every change that the local store makes is recorded during backups, a
    /// removal and prunes; then, for a loss of power after each of them, a disk that kept only what was synced, and of the
    /// rest nothing, all, or any part, is opened and looked at.
    @Test("after any change of the file system, whatever was not synced is gone or not", arguments: [UInt64](1...3))
    func everyMoment(seed: UInt64) async throws {
        let events = try Self.record(seed: seed)
        #expect(events.count > 200)
        let violations = try await Heavy.run { try Self.violations(events, seed: seed, forgettingSyncs: false) }
        #expect(violations == [])
    }

    @Test("and where a system forgets what was synced, this test notices")
    func teeth() async throws {
        let violations = try await Heavy.run {
            try Self.violations(Self.record(seed: 1), seed: 1, forgettingSyncs: true)
        }
        #expect(violations.count > 10)
    }

    private static func record(seed: UInt64) throws -> [Event] {
        try withTemporaryDirectory { directory in
            let events = Locked<[Event]>([])
            let store = try LocalObjectStore(root: directory + "/r") { event in events.with { $0.append(.file(event)) }
            }
            let repository = try Repository.create(
                in: store, unlockedBy: .keyFile(Fixture.key), seams: Fixture.seams(seed: seed))
            var random = SeededGenerator(seed: seed)
            var tree = SmallTree.random(&random)
            var points: [RestorePointID] = []
            for round in 0..<5 {
                for _ in 0..<2 { tree.change(&random) }
                let point = try tree.backUp(to: repository)
                events.with { $0.append(.acknowledged(point.id, tree)) }
                points.append(point.id)
                if round.isMultiple(of: 2) {
                    let doomed = points.removeFirst()
                    events.with { $0.append(.removing(doomed)) }
                    try repository.forget(doomed)
                    events.with { $0.append(.removed(doomed)) }
                    _ = try repository.prune(PruneOptions(maxUnused: 0))
                }
            }
            return events.with { events in
                events.map { event in
                    guard case .file(let change) = event else { return event }
                    return .file(change.relocated(from: directory))
                }
            }
        }
    }

    private static func violations(_ events: [Event], seed: UInt64, forgettingSyncs: Bool) throws -> [String] {
        var random = SeededGenerator(seed: seed)
        var disk = UncertainDisk(root: "/r")
        var acknowledged: [RestorePointID: SmallTree] = [:]
        var gone: Set<RestorePointID> = []
        var found: [String] = []
        for (number, event) in events.enumerated() {
            switch event {
            case .acknowledged(let id, let tree): acknowledged[id] = tree
            case .removing(let id): acknowledged[id] = nil
            case .removed(let id): gone.insert(id)
            case .file(.synced) where forgettingSyncs: continue
            case .file(let change): disk.apply(change)
            }
            for loss in UncertainDisk.Loss.allCases {
                let left = MemoryObjectStore(try disk.left(after: loss, &random))
                if let what = look(left, acknowledged, gone) { found.append("after \(number), \(loss) lost: \(what)") }
            }
        }
        return found
    }

    private static func look(
        _ store: MemoryObjectStore, _ acknowledged: [RestorePointID: SmallTree], _ gone: Set<RestorePointID>
    ) -> String? {
        do {
            let repository = try Fixture.open(store)
            let (points, damaged) = try repository.restorePointList()
            if let error = damaged.first { return error.message }
            if let back = points.first(where: { gone.contains($0.id) }) { return "\(back.id) is back" }
            for (id, tree) in acknowledged {
                if try SmallTree.read(repository.restorePoint(id), from: repository) != tree.contents {
                    return "\(id) has other contents"
                }
            }
            let report = try repository.check(readData: true)
            return report.isClean ? nil : "check finds \(report.faults) \(report.hits)"
        } catch {
            // Before the first acknowledgement there may be no repository yet.
            return acknowledged.isEmpty ? nil : "\(error)"
        }
    }
}

extension FileChangeEvent {
    /// The same with paths from the store's parent on.
    fileprivate func relocated(from directory: String) -> FileChangeEvent {
        func part(_ path: String) -> String { String(path.dropFirst(directory.count)) }
        return switch self {
        case .madeFile(let path): .madeFile(part(path))
        case .madeFolder(let path): .madeFolder(part(path))
        case .wrote(let bytes, let path): .wrote(bytes, to: part(path))
        case .linked(let old, as: let path): .linked(part(old), as: part(path))
        case .removed(let path): .removed(part(path))
        case .synced(let path): .synced(part(path))
        }
    }
}
