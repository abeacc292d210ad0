import Foundation
import HoldfastCore
import ObjectStorage
import Testing

@testable import Repository

@Suite("The order of writes survives every crash")
struct CrashTests {
    /// Goal: nothing acknowledged is lost, nothing unacknowledged shows half. Method: the same small history with each
    /// fault at each call to the store; then a new process opens what is left.
    @Test("with a fault at every call to the store", arguments: FaultyObjectStore.Fault.allCases)
    func everyCall(fault: FaultyObjectStore.Fault) throws {
        let probe = FaultyObjectStore(MemoryObjectStore(), .fail, atCall: .max)
        _ = Self.history(probe)
        let calls = probe.callCount
        #expect(calls > 8)
        for call in 1...calls {
            let left = MemoryObjectStore()
            let acknowledged = Self.history(FaultyObjectStore(left, fault, atCall: call))
            guard let opened = try? Fixture.open(left) else {
                #expect(acknowledged.isEmpty, "\(fault) at call \(call)")
                continue
            }
            for (point, extents) in acknowledged {
                #expect(try opened.restorePoint(point.id) == point, "\(fault) at call \(call)")
                #expect(try Fixture.read(point, from: opened) == extents, "\(fault) at call \(call)")
            }
            // One that was not acknowledged may be there, if its answer was lost; then it is whole.
            #expect(try opened.restorePoints().count <= acknowledged.count + 1)
            #expect(try opened.check(readData: true).isClean, "\(fault) at call \(call)")
        }
    }

    /// Two backups, the second with old and new chunks.
    private static func history(_ store: any ObjectStore) -> [(RestorePoint, [[UInt8]])] {
        var acknowledged: [(RestorePoint, [[UInt8]])] = []
        guard let repository = try? Fixture.create(store) else { return [] }
        for extents in [Fixture.image([1, 2]), Fixture.image([2, 3])] {
            if let point = try? Fixture.backUp(extents, to: repository) { acknowledged.append((point, extents)) }
        }
        return acknowledged
    }

    @Test("a session never relies on what another has not made durable")
    func concurrentSessions() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let extent = Fixture.image([9])[0]
        // The first session holds the chunk in memory only, and is never committed.
        let lost = try repository.beginBackup(domain: "local")
        _ = try extent.withUnsafeBytes { try lost.store($0) }
        let point = try Fixture.backUp([extent], to: repository)
        lost.abandon()
        #expect(try Fixture.read(point, from: Fixture.open(store)) == [extent])
    }

    @Test("after a pack could not be stored, the session can't commit, and its chunks are not taken for stored")
    func failedPack() throws {
        let memory = MemoryObjectStore()
        _ = try Fixture.create(memory)
        let failing = FailingFolder(memory, folder: "packs/")
        let repository = try Fixture.open(failing)
        #expect(throws: RepositoryError.self) { try Fixture.backUp(Fixture.image([1]), to: repository) }
        failing.isFailing.with { $0 = false }
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        #expect(try Fixture.read(point, from: Fixture.open(memory)) == Fixture.image([1]))
    }
}
