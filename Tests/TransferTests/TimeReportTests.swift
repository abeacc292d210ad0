import Endpoints
import Foundation
import HoldfastCore
import ObjectStorage
import Repository
import TestSupport
import Testing

@testable import Transfer

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
        func protect(_ key: ObjectKey, until: Date?) throws(ObjectStoreError) -> ObjectProtection {
            try store.protect(key, until: until)
        }
        func release(_ key: ObjectKey) throws(ObjectStoreError) { try store.release(key) }
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

    // What is slowed down has taken at least that long, whatever else the machine does meanwhile; so each test knows a
    // lower bound of the one part, and that the parts add up.

    @Test("a backup into a slow store: in the store")
    func slowStore() async throws {
        try await withTemporaryDirectory { place in
            let fixture = try Fixture(store: SlowStore(putDelay: 600))
            let outcome = try await fixture.backUp(image: try Self.image(place, megabytes: 20))
            let time = try #require(outcome.time)
            Self.expectWhole(time)
            // The last pack at least is stored while nothing else is done.
            #expect(time.storeSeconds > 0.55, "\(time)")
        }
    }

    @Test("a backup of a slow source: at the source")
    func slowSource() async throws {
        try await withTemporaryDirectory { place in
            let fixture = try Fixture()
            let reads = Counter()
            let outcome = try await fixture.backUp(
                image: try Self.image(place, megabytes: 6),
                hooks: SourceHooks(didRead: { path, _ in
                    reads.add(path)
                    poll(nil, 0, 300)
                }))
            let time = try #require(outcome.time)
            Self.expectWhole(time)
            // While the source is slow, workers wait for it, or are busy with what they have.
            let slow = Double(reads.seen.count) * 0.3
            #expect(time.sourceSeconds + time.cpuSeconds > slow * 0.9 && time.sourceSeconds > slow * 0.3, "\(time)")
        }
    }

    @Test("a restore from a slow store: in the store; to a slow disk: at the target")
    func restores() async throws {
        try await withTemporaryDirectory { place in
            let threads = Double(min(max(ProcessInfo.processInfo.activeProcessorCount, 2), 8))
            let store = SlowStore()
            let fixture = try Fixture(store: store)
            let path = try Self.image(place, megabytes: 4)
            let point = try await fixture.backUp(image: path).restorePoint
            let writes = Counter()
            let slow = try await fixture.restore(
                point, to: .image(path: place + "/one"),
                hooks: RestoreHooks(willWrite: { path, _, _ in
                    writes.add(path)
                    poll(nil, 0, 50)
                }))
            let target = try #require(slow.time)
            Self.expectWhole(target)
            #expect(target.targetSeconds > Double(writes.seen.count) * 0.05 / threads * 0.9, "\(target)")

            let behind = SlowStore(getDelay: 50)
            for (key, bytes) in store.store.contents { try behind.store.put(bytes, at: key) }
            let far = try Fixture(opening: behind, of: fixture)
            let late = try #require(try await far.restore(point, to: .image(path: place + "/two")).time)
            Self.expectWhole(late)
            #expect(late.storeSeconds > Double(writes.seen.count) * 0.05 / threads * 0.9, "each write is of one chunk")
            #expect(try read(place + "/two") == read(path))
        }
    }

    @Test("and what would help")
    func advice() {
        let cases: [([TimeReport.Part: Duration], TimeReport.Part, String)] = [
            ([.source: .seconds(6), .cpu: .seconds(2)], .source, "source"),
            ([.source: .seconds(1), .cpu: .seconds(7)], .cpu, "cores"),
            ([.source: .seconds(1), .cpu: .seconds(1)], .store, "repository"),
            // More than there was is cut to what there was.
            ([.source: .seconds(60)], .source, "source"),
        ]
        for (parts, largest, word) in cases {
            let report = TimeReport(total: .seconds(10), parts: parts, rest: .store)
            Self.expectWhole(report)
            #expect(report.shares.first?.part == largest && report.advice.contains(word))
        }
        let even = TimeReport(
            total: .seconds(9), parts: [.cpu: .seconds(3), .store: .seconds(3)], rest: .target)
        #expect(even.shares.count == 3 && even.advice == "no part stands out")
        #expect(TimeReport(total: .zero, parts: [.cpu: .seconds(1)], rest: .store).shares.isEmpty)
    }
}
