import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport
import Testing

@testable import Repository

@Suite("Sessions at the same time")
struct SessionTests {
    /// Goal: whatever order sessions run in, a committed restore point is whole. Method: seeded steps of several
    /// sessions that store chunks from one small pool, commit, are abandoned, or meet a failing store; after every
    /// commit a new process reads it.
    @Test("never rely on each other before a durable segment says so", arguments: [UInt64](1...40))
    func interleaved(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let memory = MemoryObjectStore()
        _ = try Fixture.create(memory)
        // A fault somewhere in most histories, of any kind; the process then starts again on what is left.
        let fault = FaultyObjectStore.Fault.allCases.randomElement(using: &random) ?? .fail
        let faulty = FaultyObjectStore(memory, fault, atCall: Int.random(in: 3...40, using: &random))
        var repository = if let opened = try? Fixture.open(faulty) { opened } else { try Fixture.open(memory) }
        var sessions: [(session: BackupSession, stored: Set<UInt64>)] = []
        var acknowledged: [(point: RestorePoint, extents: [[UInt8]])] = []
        for _ in 0..<60 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...1 where sessions.count < 3:
                if let session = try? repository.beginBackup(domain: "local") { sessions.append((session, [])) }
            case 2 where !sessions.isEmpty:
                let (session, stored) = sessions.remove(at: Int.random(in: 0..<sessions.count, using: &random))
                let extents = Fixture.image(stored.sorted())
                guard let point = try? Fixture.finish(session, extents) else { continue }
                acknowledged.append((point, extents))
                #expect(try Fixture.read(point, from: Fixture.open(memory)) == extents)
            case 3 where !sessions.isEmpty:
                sessions.remove(at: Int.random(in: 0..<sessions.count, using: &random)).session.abandon()
            case 4 where Int.random(in: 0..<8, using: &random) == 0:
                // The process dies, and with it what its sessions held.
                sessions = []
                repository = try Fixture.open(memory)
            case _ where !sessions.isEmpty:
                let number = Int.random(in: 0..<sessions.count, using: &random)
                let content = UInt64.random(in: 1...6, using: &random)
                let extent = Fixture.image([content])[0]
                if (try? extent.withUnsafeBytes({ try sessions[number].session.store($0) })) != nil {
                    sessions[number].stored.insert(content)
                }
            default: break
            }
        }
        let opened = try Fixture.open(memory)
        for (point, extents) in acknowledged { #expect(try Fixture.read(point, from: opened) == extents) }
        #expect(try opened.restorePoints().count <= acknowledged.count + 1, "one more where an answer was lost")
        #expect(try opened.check(readData: true).isClean)
    }

    @Test("on four threads each, store and commit the same chunks at once; all restore points are whole")
    func parallel() throws {
        let memory = MemoryObjectStore()
        let repository = try Fixture.create(memory)
        let extents = Fixture.image(Array(1...40))
        let points = Locked<[RestorePoint]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            // The first to commit makes its chunks known; the others, still at work, find them or have their own.
            let own = Array(extents[(number * 5)...])
            guard let point = try? Fixture.backUp(own, to: repository) else { return }
            points.with { $0.append(point) }
        }
        #expect(points.with { $0.count } == 4)
        let opened = try Fixture.open(memory)
        for point in points.with({ $0 }) {
            let read = try Fixture.read(point, from: opened)
            #expect(read == Array(extents.suffix(read.count)))
        }
        #expect(try opened.check(readData: true).isClean)
    }

    @Test("after a segment could not be written, the commit fails and nothing of it is taken for stored")
    func failedSegment() throws {
        let memory = MemoryObjectStore()
        _ = try Fixture.create(memory)
        let failing = FailingFolder(memory, folder: "index/")
        let repository = try Fixture.open(failing)
        #expect(throws: RepositoryError.self) { try Fixture.backUp(Fixture.image([1]), to: repository) }
        #expect(repository.index.count == 0)
        #expect(try memory.list(ObjectKey("points")).isEmpty)
        failing.isFailing.with { $0 = false }
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        #expect(try Fixture.read(point, from: Fixture.open(memory)) == Fixture.image([1]))
    }

    @Test("a failed pack stops the session soon, with the store's own reason")
    func failedPack() throws {
        let memory = MemoryObjectStore()
        _ = try Fixture.create(memory)
        let repository = try Fixture.open(FailingFolder(memory, folder: "packs/"))
        let session = try repository.beginBackup(domain: "local")
        var codes: Set<RepositoryError.Code> = []
        // Random bytes: each chunk is a megabyte in the pack. Three packs may be on their way before one has failed.
        for seed in 0..<UInt64(100) where codes.isEmpty {
            do { _ = try Fixture.bytes(1 << 20, seed: seed).withUnsafeBytes { try session.store($0) } } catch {
                if let error = error as? RepositoryError { codes.insert(error.code) }
            }
        }
        #expect(codes == [.storeFull])
        #expect(throws: RepositoryError.self) { try Fixture.finish(session, []) }
        #expect(try Fixture.open(memory).restorePoints().isEmpty)
    }

    @Test("one process finds at once what another has committed")
    func otherProcess() throws {
        let store = MemoryObjectStore()
        let one = try Fixture.create(store)
        let other = try Fixture.open(store)
        _ = try Fixture.backUp(Fixture.image([1, 2]), to: one)
        let again = try Fixture.backUp(Fixture.image([1, 2]), to: other)
        #expect(again.description.storedBytes == 0)
    }

    @Test("a restore point whose root was never stored is refused, as is one with impossible values")
    func badCommits() throws {
        let repository = try Fixture.create(MemoryObjectStore())
        var description = try Fixture.backUp(Fixture.image([1]), to: repository).description
        description.logicalBytes = -1
        #expect(code { try repository.beginBackup(domain: "local").commit(description) } == .badDescription)
        description.logicalBytes = 0
        description.createdAt = .distantPast
        #expect(code { try repository.beginBackup(domain: "local").commit(description) } == .badDescription)
        description.createdAt = Date(timeIntervalSince1970: 0)
        description.labels = ["a": String(repeating: "b", count: 2 << 20)]
        #expect(code { try repository.beginBackup(domain: "local").commit(description) } == .badDescription)
        description.labels = [:]
        description.root = try #require(ChunkID(bytes: [UInt8](repeating: 1, count: 32)))
        #expect(code { try repository.beginBackup(domain: "local").commit(description) } == .chunkMissing)
        #expect(try repository.restorePoints().count == 1)
    }

    private func code(_ body: () throws -> some Any) -> RepositoryError.Code? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? RepositoryError)?.code }
    }
}
