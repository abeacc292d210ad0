import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("Locked and held restore points")
struct LockTests {
    private let fixture = LockFixture()
    private let store = MemoryObjectStore()

    @Test("a locked one stays until its time, for everybody, and then goes with its records")
    func untilItsTime() throws {
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        #expect(try repository.protections().isEmpty)
        try repository.keep(point.id, until: .until(LockFixture.after(days: 2)))
        try repository.enforceLocks()
        for one in [repository, try fixture.open(store)] {
            #expect(repositoryCode { try one.forget(point.id) } == .restorePointLocked)
        }
        #expect(try repository.restorePoints().map(\.id) == [point.id])
        fixture.pass(days: 1.99)
        #expect(repositoryCode { try repository.forget(point.id) } == .restorePointLocked)
        fixture.pass(days: 0.01)
        try repository.forget(point.id)
        #expect(try repository.restorePoints().isEmpty)
        #expect(try repository.protections().isEmpty)
        #expect(try repository.prune(PruneOptions(maxUnused: 0)).removedPacks == 1, "protected packs go after it")
        #expect(try repository.check(readData: true).isClean)
    }

    @Test("a held one stays however late it is, until the hold ends; a new hold holds again")
    func held() throws {
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        for reason in ["a lawsuit", "another"] {
            try repository.hold(point.id, reason: reason)
            try repository.hold(point.id, reason: "the first stays")
            fixture.pass(days: 10_000)
            #expect(
                try repository.protection(of: point.id).bar(now: fixture.clock.with { $0 }) == .held(reason: reason))
            #expect(repositoryCode { try repository.forget(point.id) } == .restorePointHeld)
            try repository.endHolds(of: point.id)
            try repository.endHolds(of: point.id)
        }
        try repository.forget(point.id)
        #expect(try repository.restorePoints().isEmpty)
    }

    @Test("nothing that is not there can be locked or held")
    func missing() throws {
        let repository = try fixture.create(store)
        let id = RestorePointID(String(repeating: "ab", count: 32))
        #expect(repositoryCode { try repository.keep(id, until: .forever) } == .restorePointMissing)
        #expect(repositoryCode { try repository.hold(id, reason: "x") } == .restorePointMissing)
        #expect(repositoryCode { try repository.keep(RestorePointID("../x"), until: .forever) } == .restorePointMissing)
        #expect(try repository.protections().isEmpty)
    }

    @Test("a repository without locks has no object for them, and one with locks is refused by who knows none")
    func feature() throws {
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        let folders = Set(store.contents.keys.compactMap { $0.text.split(separator: "/").first.map(String.init) })
        #expect(folders.isDisjoint(with: ["locks", "features"]))
        try repository.keep(point.id, until: .forever)
        #expect(store.contents[try StoredKeys.feature("locks")] == [])
    }

    /// Goal: times never become earlier, whoever says what in which order. Method: random calls against a model, and all of
    /// them again in another order.
    @Test("times never become earlier under any sequence", arguments: 0..<UInt64(12))
    func monotonic(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([seed]), to: repository)
        var latest: KeepTime?
        var isHeld = false
        var said: [KeepTime] = []
        for _ in 0..<24 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1, 2:
                let time = KeepTime.until(LockFixture.after(days: Double.random(in: -5..<50, using: &random).rounded()))
                latest = max(latest ?? time, time)
                said.append(time)
                #expect(try repository.keep(point.id, until: time) == latest)
            case 3:
                try repository.hold(point.id, reason: "r")
                isHeld = true
            case 4:
                try repository.endHolds(of: point.id)
                isHeld = false
            default: fixture.pass(days: 1)
            }
            let now = fixture.clock.with { $0 }
            let protection = try fixture.open(store).protection(of: point.id)
            #expect(protection.keep == latest)
            #expect(protection.holds.isEmpty == !isHeld)
            let isBarred = isHeld || latest.map { $0 > .until(now) } ?? false
            #expect((protection.bar(now: now) != nil) == isBarred)
            if isBarred { #expect(repositoryCode { try repository.forget(point.id) } != nil) }
        }
        let other = try Fixture.backUp(Fixture.image([seed + 100]), to: repository)
        for time in said.shuffled(using: &random) { try repository.keep(other.id, until: time) }
        #expect(try repository.protection(of: other.id).keep == latest, "the order does not matter")
        try repository.keep(other.id, until: .forever)
        try repository.keep(other.id, until: .until(LockFixture.after(days: 1)))
        #expect(try repository.protection(of: other.id).keep == .forever)
    }

    @Test("a record that is damaged, or another's, keeps its restore point; a check names it")
    func damaged() throws {
        let repository = try fixture.create(store)
        let points = try [1, 2].map { try Fixture.backUp(Fixture.image([$0]), to: repository) }
        try repository.keep(points[0].id, until: .until(LockFixture.after(days: 1)))
        let key = try #require(store.contents.keys.first { $0.text.hasPrefix("locks/") })
        var bytes = try store.get(key, range: nil)
        let moved = try StoredKeys.lock(key.name, of: points[1].id.text)
        try store.put(bytes, at: moved)
        bytes[60] ^= 1
        try store.delete(key)
        try store.put(bytes, at: key)
        fixture.pass(days: 2)
        for point in points { #expect(repositoryCode { try repository.forget(point.id) } == .objectCorrupt) }
        let places = try repository.check(readData: false).faults.map(\.place)
        #expect(Set(places) == [key.text, moved.text])
        try store.delete(key)
        try repository.forget(points[0].id)
    }

    @Test("a check finds a locked restore point that somebody has removed")
    func removedByOthers() throws {
        let repository = try fixture.create(store)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        try repository.hold(point.id, reason: "x")
        let key = try StoredKeys.restorePoint(point.id.text)
        try store.delete(key)
        _ = try repository.prune()
        #expect(try repository.check(readData: false).faults.map(\.place) == [key.text])
    }
}
