import Foundation
import HoldfastCore
import ObjectStorage
import Testing

@testable import Repository

@Suite("A repository")
struct RepositoryTests {
    @Test("gives back what was stored, also to a process that opens it later")
    func roundTrip() throws {
        let store = MemoryObjectStore()
        let extents = Fixture.image([1, 2, 3])
        let point = try Fixture.backUp(extents, to: Fixture.create(store))

        let opened = try Fixture.open(store)
        #expect(try opened.restorePoints() == [point])
        #expect(try opened.restorePoint(point.id) == point)
        #expect(try Fixture.read(point, from: opened) == extents)
        #expect(point.description.storedBytes > 0)
    }

    @Test("stores equal bytes once in a domain, under unrelated names in another")
    func deduplication() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let extents = Fixture.image([1, 1, 2])
        let first = try Fixture.backUp(extents, to: repository)
        let again = try Fixture.backUp(extents, to: repository)
        let other = try Fixture.backUp(extents, to: repository, domain: "other")

        #expect(again.description.storedBytes == 0, "nothing new")
        #expect(first.description.root == again.description.root)
        #expect(first.description.root != other.description.root)
        #expect(other.description.storedBytes > Int64(2 * Fixture.extentBytes))
        #expect(try repository.statistics().restorePoints == 3)
    }

    @Test("says what is wrong when it can't be opened or made")
    func refusals() throws {
        let store = MemoryObjectStore()
        #expect(code { try Fixture.open(store) } == .notARepository)
        _ = try Fixture.create(store)
        #expect(code { try Fixture.create(store) } == .alreadyExists)
        let other = KeyFile(randomBytes: { Data(repeating: 8, count: $0) })
        #expect(code { try Repository.open(store, unlockedBy: .keyFile(other), seams: .live) } == .wrongKey)
        #expect(code { try Repository.open(store, unlockedBy: .passphrase([1]), seams: .live) } == .wrongKey)
    }

    @Test("made by a newer version, or with a feature this one does not know, is refused")
    func newer() throws {
        let store = MemoryObjectStore()
        _ = try Fixture.create(store)
        for (old, new) in [("\"format\":1", "\"format\":2"), ("\"features\":[]", "\"features\":[\"later\"]")] {
            var objects = store.contents
            let key = try ObjectKey("config")
            let text = String(decoding: objects[key] ?? [], as: UTF8.self)
            #expect(text.contains(old))
            objects[key] = Array(text.replacing(old, with: new).utf8)
            #expect(code { try Fixture.open(MemoryObjectStore(objects)) } == .formatUnsupported)
        }
    }

    @Test("opens by passphrase where one was set")
    func passphrase() throws {
        let store = MemoryObjectStore()
        let passphrase = KeyMaterial.passphrase(Array("correct horse".utf8))
        let repository = try Repository.create(in: store, unlockedBy: passphrase, seams: .live)
        let point = try Fixture.backUp(Fixture.image([1]), to: repository)
        let opened = try Repository.open(store, unlockedBy: passphrase, seams: .live)
        #expect(try Fixture.read(point, from: opened) == Fixture.image([1]))
        #expect(
            code {
                try Repository.open(store, unlockedBy: .passphrase(Array("battery staple".utf8)), seams: .live)
            } == .wrongKey)
    }

    @Test("forgets a restore point and keeps the others; forgetting twice is no error")
    func forget() throws {
        let repository = try Fixture.create(MemoryObjectStore())
        let first = try Fixture.backUp(Fixture.image([1]), to: repository)
        let second = try Fixture.backUp(Fixture.image([1, 2]), to: repository)
        try repository.forget(first.id)
        try repository.forget(first.id)
        #expect(try repository.restorePoints() == [second])
        #expect(code { try repository.restorePoint(first.id) } == .restorePointMissing)
        #expect(try Fixture.read(second, from: repository) == Fixture.image([1, 2]))
    }

    @Test("sees what another process added since it was opened")
    func otherProcess() throws {
        let store = MemoryObjectStore()
        let one = try Fixture.create(store)
        let other = try Fixture.open(store)
        let point = try Fixture.backUp(Fixture.image([5]), to: one)
        #expect(try Fixture.read(point, from: other) == Fixture.image([5]))
    }

    @Test("fills many packs from many threads at once")
    func threads() throws {
        let store = MemoryObjectStore()
        let repository = try Fixture.create(store)
        let session = try repository.beginBackup(domain: "local")
        let chunks = (0..<48).map { Fixture.bytes(1 << 20, seed: UInt64($0)) }
        let ids = Array(repeating: ChunkID?.none, count: chunks.count)
        let shared = Locked(ids)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            // Every chunk is offered twice, by two threads.
            for index in chunks.indices where index % 2 == thread % 2 {
                let id = try? chunks[index].withUnsafeBytes { try session.store($0) }
                shared.with { $0[index] = id }
            }
        }
        let root = try [UInt8]([1]).withUnsafeBytes { try session.store($0) }
        _ = try session.commit(
            RestorePointDescription(
                createdAt: Date(timeIntervalSince1970: 0), kind: .tree, source: "/", root: root, logicalBytes: 0,
                entryCount: 0, domain: "local", labels: [:], warningCount: 0))
        #expect(session.statistics.newChunks == 49)
        #expect(session.statistics.reusedChunks == 48)
        let reader = try Fixture.open(store).reader()
        for (index, id) in shared.with({ $0 }).enumerated() {
            #expect(try reader.read(#require(id)) == chunks[index])
        }
        #expect(try store.list(ObjectKey("packs")).count >= 3)
    }

    @Test("refuses a chunk of no bytes or too many, and the session is over after a failure")
    func badChunks() throws {
        let session = try Fixture.create(MemoryObjectStore()).beginBackup(domain: "local")
        #expect(code { try session.store(UnsafeRawBufferPointer(start: nil, count: 0)) } == .badChunk)
        let large = [UInt8](repeating: 0, count: Chunk.plainBytesMax + 1)
        #expect(code { try large.withUnsafeBytes { try session.store($0) } } == .badChunk)
        session.abandon()
        #expect(code { try [UInt8]([1]).withUnsafeBytes { try session.store($0) } } == .sessionOver)
    }

    private func code(_ body: () throws -> some Any) -> RepositoryError.Code? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? RepositoryError)?.code }
    }
}

/// A value for several threads.
final class Locked<Value: Sendable>: @unchecked Sendable {  // guarded by `lock`
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func with<Result>(_ body: (inout Value) -> Result) -> Result { lock.withLock { body(&value) } }
}
