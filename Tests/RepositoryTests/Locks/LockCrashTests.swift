import Foundation
import HoldfastCore
import ObjectStorage
import Testing

@testable import Repository

@Suite("With locks the process may end at any moment")
struct LockCrashTests {
    private static let kept: [UInt64] = [1, 2]
    private static let late: [UInt64] = [2, 5]

    /// What a process was told before it ended.
    private struct Acknowledged {
        var isLocked = false
        var isHeld = false
        var wasEndAsked = false
        var isHoldEnded = false
        var isEnforced = false
    }

    /// Goal: what was said to be locked or held is, and nothing locked is lost or left where it can be removed; the rest goes
    /// in the end. Method: a history of locks, prunes and removals, with each fault at each call to the store.
    @Test("with a fault at every call to the store", arguments: [FaultyObjectStore.Fault.crash, .loseAnswer])
    func everyCall(fault: FaultyObjectStore.Fault) throws {
        let fixture = LockFixture()
        let start = MemoryObjectStore()
        let repository = try fixture.create(start)
        let points = try [Self.kept, [3], [4, 1], Self.late].map {
            try Fixture.backUp(Fixture.image($0), to: repository)
        }
        try repository.keep(points[0].id, until: .until(LockFixture.after(days: 3)))
        let probe = FaultyObjectStore(MemoryObjectStore(start.contents), .fail, atCall: .max)
        _ = Self.history(probe, points, fixture)
        let calls = probe.callCount
        #expect(calls > 60)
        for call in 1...calls {
            fixture.clock.with { $0 = LockFixture.start }
            let left = MemoryObjectStore(start.contents)
            let told = Self.history(FaultyObjectStore(left, fault, atCall: call), points, fixture)
            let comment = Comment(rawValue: "\(fault) at call \(call)")
            fixture.clock.with { $0 = LockFixture.after(days: 1) }
            let opened = try fixture.open(left)
            let protections = try opened.protections()
            #expect(protections[points[0].id]?.keep == .until(LockFixture.after(days: 3)), comment)
            if told.isLocked { #expect(protections[points[3].id]?.keep == .forever, comment) }
            if told.isHeld && !told.wasEndAsked { #expect(protections[points[0].id]?.holds.count == 1, comment) }
            if told.isHoldEnded { #expect(protections[points[0].id]?.holds.isEmpty == true, comment) }
            if told.isEnforced {
                let key = try StoredKeys.restorePoint(points[0].id.text)
                #expect(left.protectedKeys.contains(key), comment)
            }
            for folder in ["sessions", "prune/running"] {
                for key in left.contents.keys where key.text.hasPrefix(folder) { try left.delete(key) }
            }
            _ = try opened.prune(PruneOptions(maxUnused: 0))
            #expect(try opened.enforceLocks().incomplete.isEmpty, comment)
            let again = try fixture.open(left)
            #expect(try Fixture.read(points[0], from: again) == Fixture.image(Self.kept), comment)
            #expect(try Fixture.read(points[3], from: again) == Fixture.image(Self.late), comment)
            #expect(try again.check(readData: true).isClean, comment)
            #expect(try again.prune(PruneOptions(maxUnused: 0)).freedBytes == 0, comment)
            // After its time nothing of it stays that was only there for it.
            fixture.clock.with { $0 = LockFixture.after(days: 4) }
            try again.endHolds(of: points[0].id)
            try again.forget(points[0].id)
            _ = try again.prune(PruneOptions(maxUnused: 0))
            #expect(try again.protections()[points[0].id] == nil, comment)
            #expect(try again.check(readData: true).isClean, comment)
        }
    }

    private static func history(
        _ store: any ObjectStore, _ points: [RestorePoint], _ fixture: LockFixture
    ) -> Acknowledged {
        var told = Acknowledged()
        guard let repository = try? fixture.open(store) else { return told }
        told.isHeld = (try? repository.hold(points[0].id, reason: "x")) != nil
        told.isEnforced = (try? repository.enforceLocks()) != nil
        try? repository.forget(points[1].id)
        try? repository.forget(points[0].id)
        _ = try? repository.prune(PruneOptions(maxUnused: 0))
        told.isLocked = (try? repository.keep(points[3].id, until: .forever)) != nil
        _ = try? repository.enforceLocks()
        try? repository.forget(points[2].id)
        _ = try? repository.prune(PruneOptions(maxUnused: 0))
        told.wasEndAsked = true
        told.isHoldEnded = told.isHeld && (try? repository.endHolds(of: points[0].id)) != nil
        return told
    }
}
