import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("What sessions and readers of a process share")
struct SharedIndexTests {
    /// Goal: a backup heals what was lost, also after somebody has tried to read it. Method: a pack that a restore point needs is gone;
    /// a reader meets that before the next session begins.
    @Test("a restore point that lacks a pack is not taken over", arguments: [false, true])
    func lostPack(isRead: Bool) throws {
        let memory = MemoryObjectStore()
        let first = try Fixture.create(memory)
        _ = try Fixture.backUp(Fixture.image([1]), to: first)
        let packs = Set(try memory.list(ObjectKey("packs")).map(\.key))
        let point = try Fixture.backUp(Fixture.image([1, 2]), to: first)
        for pack in packs { try memory.delete(pack) }
        let repository = try Fixture.open(memory)
        if isRead { #expect(throws: RepositoryError.self) { try Fixture.read(point, from: repository) } }
        let session = try repository.beginBackup(domain: "local")
        #expect(!session.mayTakeOver(point))
        let healed = try Fixture.finish(session, Fixture.image([1, 2]))
        for point in [point, healed] {
            #expect(try Fixture.read(point, from: Fixture.open(memory)) == Fixture.image([1, 2]))
        }
    }

    /// Goal: what the index knows does not go away for a moment. Method: while an index that is out of date is read anew, a prune puts
    /// another segment in the place of one that was listed; at each call after that it is looked at.
    @Test("an index that is read anew takes the old one's place when it is whole")
    func halfIndex() throws {
        let opened = try halfIndex(replacedAt: 0, lookedAt: 0).opened
        var lookedAt = 0
        for call in opened + 1...opened + 12 {
            for later in 1...6 {
                lookedAt += try halfIndex(replacedAt: call, lookedAt: call + later).isLookedAt ? 1 : 0
            }
        }
        #expect(lookedAt > 10)
    }

    /// - Returns: how many calls there were before, and whether it was looked at.
    private func halfIndex(replacedAt: Int, lookedAt: Int) throws -> (opened: Int, isLookedAt: Bool) {
        let memory = MemoryObjectStore()
        let first = try Fixture.create(memory)
        let gone = try Fixture.backUp(Fixture.image([1]), to: first)
        let kept = try Fixture.backUp(Fixture.image([3]), to: first)
        let shared = Locked<Repository?>(nil)
        let replace = Locked<(@Sendable () throws -> Void)?>(nil)
        let found = Locked<Bool?>(nil)
        let looking = HookedStore(memory, atCall: lookedAt) {
            guard let repository = shared.with({ $0 }) else { return }
            found.with { $0 = repository.index.isReliable(kept.description.root) }
        }
        let store = HookedStore(looking, atCall: replacedAt) { try replace.with { $0 }?() }
        let repository = try Repository.open(store, unlockedBy: .keyFile(Fixture.key), seams: .live)
        try repository.beginBackup(domain: "local").abandon()
        let opened = store.count
        // One segment that names both packs, of which one goes.
        let segments = try memory.list(ObjectKey("index"))
        let packs = try segments.flatMap { try first.segment($0).packs }
        _ = try first.put(IndexSegment(generation: 9, packs: packs))
        for segment in segments { try memory.delete(segment.key) }
        let other = try Fixture.open(memory)
        let running = try other.beginBackup(domain: "local")
        try other.forget(gone.id)
        #expect(try other.prune().waitingFor == 1)
        replace.with {
            $0 = {
                running.abandon()
                let waitingFor = try other.prune().waitingFor
                #expect(waitingFor == 0)
            }
        }
        shared.with { $0 = repository }
        try repository.beginBackup(domain: "local").abandon()
        #expect(found.with { $0 } != false, "replaced at \(replacedAt - opened), looked at \(lookedAt - opened)")
        return (opened, found.with { $0 } != nil)
    }

    /// Goal: a repair keeps what is whole anywhere. Method: two packs with the same chunks are hit, each in another chunk.
    @Test("of two packs that hold the same, a repair takes what is whole from either", arguments: [false, true])
    func twoCopies(isOneMissing: Bool) throws {
        let memory = MemoryObjectStore()
        let repository = try Fixture.create(memory)
        let image = Fixture.image([1, 2])
        let sessions = try (0..<2).map { _ in try repository.beginBackup(domain: "local") }
        let descriptions = try sessions.map { try Fixture.store(image, in: $0) }
        let points = try zip(sessions, descriptions).map { try $0.commit($1) }
        var objects = memory.contents
        let packs = try memory.list(ObjectKey("packs")).map(\.key)
        #expect(packs.count == 2)
        // The first 64 KiB are the first chunk, the next the second.
        for (pack, place) in zip(packs, [1000, Fixture.extentBytes + 10_000]) { objects[pack]?[place] ^= 1 }
        if isOneMissing {
            objects[packs[0]] = nil
            objects[packs[1]]?[Fixture.extentBytes + 10_000] ^= 1
        }
        let damaged = MemoryObjectStore(objects)
        let report = try Fixture.open(damaged).repair()
        #expect(report.lostChunks == 0 && report.removedPacks == (isOneMissing ? 1 : 2))
        for point in points { #expect(try Fixture.read(point, from: Fixture.open(damaged)) == image) }
        #expect(try Fixture.open(damaged).check(readData: true).isClean)
    }
}
