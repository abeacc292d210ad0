import Testing

@testable import Repository

/// Goal: no order of events loses what was acknowledged. Method: histories of several processes on one store that fails,
/// crashes, delays, loses answers, repeats and lies about bytes, each fixed by its seed. docs/proof.md says more.
@Suite("Simulated histories")
struct SimulationTests {
    /// `make nightly` sets these; alone, a seed runs with a count of 1.
    private static let count = Nightly.number("HOLDFAST_HISTORIES") ?? 500
    private static let first = Nightly.number("HOLDFAST_FIRST_SEED") ?? 1
    private static let batch = 25

    @Test(
        "nothing acknowledged is lost, nothing half is visible, and nobody waits for a prune",
        arguments: stride(from: first, to: first + count, by: Int(batch)).map { $0 })
    func histories(start: UInt64) async throws {
        for seed in start..<min(start + UInt64(Self.batch), Self.first + Self.count) {
            let outcome = try await Heavy.run { History(seed: seed).run() }
            if let violation = outcome.violations.first {
                Issue.record(
                    """
                    seed \(seed): \(violation)
                    alone: HOLDFAST_FIRST_SEED=\(seed) HOLDFAST_HISTORIES=1 swift test --disable-xctest --filter SimulationTests
                    """)
                if Self.count == 1 { Issue.record("\(outcome.trace.joined(separator: "\n"))") }
            }
        }
    }

    /// Seeds that found something, in the order in which it was mended; docs/proof.md says what.
    @Test(
        "seeds that failed once do not any more",
        arguments: [UInt64]([1, 172, 47, 326, 1083, 1382, 2769, 4563, 101_528]))
    func kept(seed: UInt64) async throws {
        #expect(try await Heavy.run { History(seed: seed).run().violations } == [])
    }

    /// Every call of a small history is where a process may end. Which history it is, the seed says: so are the orders in
    /// which two backups, a removal and a prune meet.
    @Test(
        "two writers, a removal and a prune, with a crash at every single call",
        arguments: 1...UInt64(2 * Nightly.factor))
    func everyCall(seed: UInt64) async throws {
        let calls = History.small(seed: seed).run().calls
        #expect(calls > 60)
        for number in 1...calls {
            for isAfter in [false, true] {
                let violations = try await Heavy.run {
                    History.small(seed: seed, crashAtCall: (number, isAfter)).run().violations
                }
                #expect(violations == [], "seed \(seed), crash \(isAfter ? "after" : "before") call \(number)")
            }
        }
    }

    /// Goal: beside prunes, crashes and faults, what is said to be locked stays, whole, and its own store refuses to remove
    /// its record.
    @Test("nothing locked is lost, and nobody forgets it")
    func locks() async throws {
        var refused = 0
        for seed in 1...UInt64(60 * Nightly.factor) {
            var history = History(seed: seed)
            history.isLocking = true
            let outcome = try await Heavy.run { [history] in history.run() }
            #expect(outcome.violations == [], "seed \(seed)")
            refused += outcome.done["refused", default: 0]
        }
        #expect(refused > 0)
    }

    @Test("two writers that lock, a removal and a prune, with a crash at every single call")
    func everyCallWithLocks() async throws {
        var history = History.small(seed: 3)
        history.isLocking = true
        let calls = history.run().calls
        #expect(calls > 80)
        for number in 1...calls {
            for isAfter in [false, true] {
                var crashing = History.small(seed: 3, crashAtCall: (number, isAfter))
                crashing.isLocking = true
                let violations = try await Heavy.run { [crashing] in crashing.run().violations }
                #expect(violations == [], "crash \(isAfter ? "after" : "before") call \(number)")
            }
        }
    }

    @Test("the histories are about something: prunes wait, keep, rewrite and end; backups fail and succeed")
    func substance() async throws {
        var done: [String: Int] = [:]
        for seed in 1...UInt64(60) {
            done.merge(try await Heavy.run { History(seed: seed).run().done }) { $0 + $1 }
        }
        for kind in [
            "writer", "writer failed", "pruner", "pruner failed", "checker", "reader", "prune waits", "prune ends",
            "prune keeps", "prune rewrites",
        ] { #expect(done[kind, default: 0] > 0, "\(kind)") }
    }

    @Test("the same seed gives the same run", arguments: [UInt64](1...12))
    func repetition(seed: UInt64) async throws {
        let first = try await Heavy.run { History(seed: seed).run() }
        let again = try await Heavy.run { History(seed: seed).run() }
        #expect(first.trace == again.trace)
        #expect(first.calls > 40)
    }
}
