import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

/// Sessions of one process share an index; each that begins looks which packs are there, and which are about to go.
@Suite("Sessions that begin beside others")
struct BeginningTests {
    enum Other: CaseIterable {
        case begins, checks
    }

    /// Goal: what a session has made durable counts for it, whoever begins, or checks, meanwhile. Method: it makes it durable
    /// before and after each call to the store with which another does.
    @Test("take nothing from one that stores meanwhile", arguments: Other.allCases, [false, true])
    func storedMeanwhile(other: Other, isAfter: Bool) throws {
        /// - Returns: how many calls there were before the other came, and when it was done.
        func history(hookedCall: Int) throws -> (before: Int, after: Int) {
            let memory = MemoryObjectStore()
            _ = try Fixture.backUp(Fixture.image([9]), to: Fixture.create(memory))
            let running = Locked<(Repository, BackupSession)?>(nil)
            let stored = Locked<RestorePointDescription?>(nil)
            let (goesOn, isDone) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let store = HookedStore(memory, atCall: hookedCall, isAfter: isAfter) {
                guard let (repository, session) = running.with({ $0 }) else { return }
                Thread {
                    let description = try? Fixture.store(Fixture.image([1, 2]), in: session)
                    // While the other loads segments, this one has to wait.
                    if repository.segmentsLock.try() { repository.segmentsLock.unlock() } else { goesOn.signal() }
                    if (try? session.settle()) != nil { stored.with { $0 = description } }
                    goesOn.signal()
                    isDone.signal()
                }.start()
                goesOn.wait()
            }
            let repository = try Fixture.open(store)
            let session = try repository.beginBackup(domain: "local")
            running.with { $0 = (repository, session) }
            let before = store.count
            switch other {
            case .begins: try repository.beginBackup(domain: "local").abandon()
            case .checks: #expect(try repository.check(readData: true).isClean)
            }
            let after = store.count
            guard hookedCall > 0 else { return (before, after) }
            isDone.wait()
            let description = try #require(stored.with { $0 })
            let chunks = session.statistics.newChunks
            _ = try Fixture.store(Fixture.image([1, 2]), in: session)
            #expect(session.statistics.newChunks == chunks, "stored twice, call \(hookedCall - before)")
            let point = try session.commit(description)
            #expect(try Fixture.read(point, from: Fixture.open(memory)) == Fixture.image([1, 2]))
            return (before, after)
        }
        let calls = try history(hookedCall: 0)
        #expect(calls.after > calls.before + 5)
        for call in calls.before + 1...calls.after { _ = try history(hookedCall: call) }
    }

    /// Goal: what a session may rely on does not change under it. Method: a prune condemns what a session has found, and
    /// waits for it; another session, which must not rely on that, begins before the first commits.
    @Test("do not bar what others had found before a prune condemned it")
    func condemnedMeanwhile() throws {
        let memory = MemoryObjectStore()
        let repository = try Fixture.create(memory)
        let old = try Fixture.backUp(Fixture.image([1]), to: repository)
        let session = try repository.beginBackup(domain: "local")
        let description = try Fixture.store(Fixture.image([1]), in: session)
        #expect(session.statistics.newChunks == 0)
        try repository.forget(old.id)
        let other = try Fixture.open(memory)
        #expect(try other.prune().waitingFor == 1)
        let second = try repository.beginBackup(domain: "local")
        #expect(try session.has(description.root) && !second.has(description.root))
        try session.checkManifest(description.root, kind: .image)
        #expect(throws: RepositoryError.self) { try second.checkManifest(description.root, kind: .image) }
        let point = try session.commit(description)
        let secondPoint = try Fixture.finish(second, Fixture.image([1]))
        #expect(second.statistics.reusedChunks == 0)
        #expect(try other.prune().waitingFor == 0)
        for point in [point, secondPoint] {
            #expect(try Fixture.read(point, from: Fixture.open(memory)) == Fixture.image([1]))
        }
        #expect(try repository.check(readData: true).isClean)
    }

    /// Goal: a session that saw a plan never comes to rely on what the plan removes. Method: at each call to the store with
    /// which one session begins, a prune stores its plan, and a second session begins, as far as it comes; the prune waits
    /// for the first, not for the second.
    @Test("do not forget for others what a prune is about to remove")
    func planMeanwhile() throws {
        /// - Returns: how many calls there were before the first began, and when it had begun.
        func history(hookedCall: Int) throws -> (before: Int, after: Int) {
            let memory = MemoryObjectStore()
            let old = try Fixture.backUp(Fixture.image([1]), to: Fixture.create(memory))
            let shared = Locked<Repository?>(nil)
            let second = Locked<Result<BackupSession, any Error>?>(nil)
            let hasBegun = DispatchSemaphore(value: 0)
            let store = HookedStore(memory, atCall: hookedCall, isAfter: true) {
                guard let repository = shared.with({ $0 }) else { return }
                let other = try Fixture.open(memory)
                try other.forget(old.id)
                _ = try other.prune()
                Thread {
                    let result = Result { try repository.beginBackup(domain: "local") }
                    second.with { $0 = result }
                    hasBegun.signal()
                }.start()
                while repository.beginnings.waiting == 0, second.with({ $0 == nil }) { sched_yield() }
            }
            let repository = try Fixture.open(store)
            shared.with { $0 = repository }
            let before = store.count
            let first = try repository.beginBackup(domain: "local")
            let after = store.count
            guard hookedCall > 0 else { return (before, after) }
            hasBegun.wait()
            let session = try #require(second.with { $0 }).get()
            let description = try Fixture.store(Fixture.image([1]), in: session)
            first.abandon()
            #expect(try Fixture.open(memory).prune().keptPacks == 0)
            let point = try session.commit(description)
            #expect(
                try Fixture.read(point, from: Fixture.open(memory)) == Fixture.image([1]), "call \(hookedCall - before)"
            )
            return (before, after)
        }
        let calls = try history(hookedCall: 0)
        for call in calls.before + 1...calls.after { _ = try history(hookedCall: call) }
    }
}
