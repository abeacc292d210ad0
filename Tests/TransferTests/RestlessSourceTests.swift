import Endpoints
import Foundation
import HoldfastCore
import Repository
import TestSupport
import Testing
import Transfer

@Suite("A source that does not hold still is backed up, and the rest is said")
struct RestlessSourceTests {
    @Test("a file that is gone when its turn comes is left out with a warning")
    func vanishing() async throws {
        try await withFiles(["a", "b", "c"]) { source, fixture in
            let outcome = try await fixture.backUp(
                tree: source,
                hooks: SourceHooks(willOpen: { path in
                    if path == "b" { try? FileManager.default.removeItem(atPath: "\(source)/b") }
                }))
            #expect(outcome.warnings.map(\.path) == ["b"] && outcome.warnings.map(\.reason) == [.vanished])
            let restored = source + "-back"
            try await fixture.restore(outcome.restorePoint, to: .tree(path: restored))
            for name in ["a", "c"] { #expect(try read("\(restored)/\(name)") == read("\(source)/\(name)")) }
            #expect(!FileManager.default.fileExists(atPath: "\(restored)/b"))
        }
    }

    @Test("a file that can't be read is left out with a warning")
    func unreadable() async throws {
        try await withFiles(["a", "b", "c"]) { source, fixture in
            let outcome = try await fixture.backUp(
                tree: source,
                hooks: SourceHooks(willOpen: { path in
                    if path == "b" { throw SystemFailure("open", number: EACCES) }
                }))
            #expect(outcome.warnings.map(\.path) == ["b"] && outcome.warnings.map(\.reason) == [.unreadable])
            try FileManager.default.removeItem(atPath: "\(source)/b")
            let restored = source + "-back"
            try await fixture.restore(outcome.restorePoint, to: .tree(path: restored))
            let names = try FileManager.default.contentsOfDirectory(atPath: restored)
            #expect(Set(names) == ["a", "c"])
        }
    }

    @Test("a file that changes once while it is read is read again, whole", arguments: [5000, 3_000_000])
    func changingOnce(count: Int) async throws {
        try await withFiles(["a"], count: count) { source, fixture in
            let times = Counter()
            let outcome = try await fixture.backUp(
                tree: source,
                hooks: SourceHooks(didRead: { path, _ in
                    if times.next() == 0 { try? write(Array(repeating: 9, count: count + 10), to: "\(source)/\(path)") }
                }))
            #expect(outcome.warnings == [])
            try await fixture.expectSame(source, after: outcome)
        }
    }

    @Test(
        "a file that never holds still is marked, and a later backup does not trust it", arguments: [5000, 3_000_000])
    func changingForever(count: Int) async throws {
        try await withFiles(["a", "quiet"], count: count) { source, fixture in
            let times = Counter()
            let outcome = try await fixture.backUp(
                tree: source,
                hooks: SourceHooks(didRead: { path, _ in
                    guard path == "a" else { return }
                    try? write(Array(repeating: UInt8(times.next() & 0xFF), count: count), to: "\(source)/a")
                }))
            #expect(outcome.warnings.map(\.path) == ["a"] && outcome.warnings.map(\.reason) == [.changed])
            let opened = Counter()
            let later = try await fixture.backUp(
                tree: source, parent: outcome.restorePoint, hooks: SourceHooks(willOpen: { opened.add($0) }))
            #expect(opened.seen == ["a"] && later.warnings == [])
            try await fixture.expectSame(source, after: later)
        }
    }

    @Test("a cancelled backup ends, and leaves no restore point")
    func cancelled() async throws {
        try await withFiles(["a", "b"], count: 3_000_000) { source, fixture in
            let reached = Counter()
            let running = Task {
                try await fixture.backUp(
                    tree: source,
                    hooks: SourceHooks(didRead: { _, _ in
                        reached.add("")
                        // Stays here until the test has cancelled the task.
                        while reached.seen.last != "cancelled" { sched_yield() }
                    }))
            }
            try await eventually("it reads") { !reached.seen.isEmpty }
            running.cancel()
            reached.add("cancelled")
            let error = await #expect(throws: TransferError.self) { _ = try await running.value }
            #expect(error?.code == .cancelled)
            #expect(try fixture.repository.restorePoints().isEmpty)
        }
    }

    @Test("a source that is missing, or of the other kind, is unreachable")
    func unreachable() async throws {
        try await withFiles(["a"]) { source, fixture in
            for attempt in [
                { try await fixture.backUp(tree: source + "/none") }, { try await fixture.backUp(tree: source + "/a") },
                { try await fixture.backUp(image: source) }, { try await fixture.backUp(image: source + "/none") },
            ] {
                let error = await #expect(throws: TransferError.self) { _ = try await attempt() }
                #expect(error?.code == .sourceUnreachable && error?.message.isEmpty == false)
            }
        }
    }

    private func withFiles(
        _ names: [String], count: Int = 5000, _ body: (_ source: String, Fixture) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { place in
            let source = place + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            var random = SeededGenerator(seed: 7)
            for name in names { try write(random.bytes(count), to: "\(source)/\(name)") }
            try await body(source, try Fixture())
        }
    }
}
