import Endpoints
import Foundation
import HoldfastCore
import ObjectStorage
import Repository
import TestSupport
import Testing
import Transfer

@Suite("A transfer says where its time went")
struct TimeReportTests {
    /// As a slow disk or link does, on demand: each call of a kind takes so many milliseconds longer.
    private final class SlowStore: ObjectStore {
        let store = MemoryObjectStore()
        let putDelay: Int32
        let getDelay: Int32

        init(putDelay: Int32 = 0, getDelay: Int32 = 0) {
            self.putDelay = putDelay
            self.getDelay = getDelay
        }

        func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) {
            if key.text.hasPrefix("packs/") { poll(nil, 0, putDelay) }
            try store.put(bytes, at: key)
        }

        func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8] {
            if key.text.hasPrefix("packs/") { poll(nil, 0, getDelay) }
            return try store.get(key, range: range)
        }

        func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry] { try store.list(folder) }
        func delete(_ key: ObjectKey) throws(ObjectStoreError) { try store.delete(key) }
    }

    private static func image(_ place: String, megabytes: Int) throws -> String {
        var random = SeededGenerator(seed: 1)
        try write(random.bytes(megabytes << 20), to: place + "/image")
        return place + "/image"
    }

    private static func expectWhole(_ time: TimeReport) {
        let sum = time.sourceSeconds + time.cpuSeconds + time.storeSeconds + time.targetSeconds
        #expect(abs(sum - time.totalSeconds) < 0.001)
        #expect(time.shares.allSatisfy { (0...1).contains($0.share) })
    }

    @Test("a backup into a slow store: the store")
    func slowStore() async throws {
        try await withTemporaryDirectory { place in
            let fixture = try Fixture(store: SlowStore(putDelay: 600))
            let outcome = try await fixture.backUp(image: try Self.image(place, megabytes: 40))
            let time = try #require(outcome.time)
            Self.expectWhole(time)
            #expect(time.shares.first?.part == .store && time.storeSeconds > 1, "\(time)")
            #expect(time.advice.contains("repository"))
        }
    }

    @Test("a backup of a slow source: the source")
    func slowSource() async throws {
        try await withTemporaryDirectory { place in
            let fixture = try Fixture()
            let outcome = try await fixture.backUp(
                image: try Self.image(place, megabytes: 12),
                hooks: SourceHooks(didRead: { _, _ in poll(nil, 0, 400) }))
            let time = try #require(outcome.time)
            Self.expectWhole(time)
            #expect(time.shares.first?.part == .source && time.sourceSeconds > 0.6, "\(time)")
        }
    }

    @Test("a restore from a slow store: the store; to a slow disk: the target")
    func restores() async throws {
        try await withTemporaryDirectory { place in
            let store = SlowStore()
            let fixture = try Fixture(store: store)
            let path = try Self.image(place, megabytes: 4)
            let point = try await fixture.backUp(image: path).restorePoint
            let slow = try await fixture.restore(
                point, to: .image(path: place + "/one"), hooks: RestoreHooks(willWrite: { _, _, _ in poll(nil, 0, 25) })
            )
            let target = try #require(slow.time)
            Self.expectWhole(target)
            #expect(target.shares.first?.part == .target, "\(target)")

            let behind = SlowStore(getDelay: 25)
            for (key, bytes) in store.store.contents { try behind.store.put(bytes, at: key) }
            let far = try Fixture(opening: behind, of: fixture)
            let late = try #require(try await far.restore(point, to: .image(path: place + "/two")).time)
            Self.expectWhole(late)
            #expect(late.shares.first?.part == .store, "\(late)")
            #expect(try read(place + "/two") == read(path))
        }
    }
}
