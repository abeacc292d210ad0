import TestSupport
import Testing

@testable import Replication

@Suite("Bandwidth is limited")
struct TokenBucketTests {
    /// Goal: over any time, no more goes out than the rate allows and one second's worth. Method: random sizes and pauses;
    /// whoever takes waits as long as he is told.
    @Test("never more than the rate and one second's worth", arguments: [UInt64](1...30))
    func rate(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let rate = Int64.random(in: 1000...10_000_000, using: &random)
        var now = Duration.seconds(Int64.random(in: 0...1000, using: &random))
        let start = now
        var bucket = TokenBucket(bytesPerSecond: rate, now: now)
        var sent = 0.0
        for _ in 0..<500 {
            if Bool.random(using: &random) { now += .milliseconds(Int64.random(in: 0...3000, using: &random)) }
            let size = Int.random(in: 1...Int(rate) * 2, using: &random)
            now += bucket.take(size, now: now)
            sent += Double(size)
            let allowed = Double(rate) * ((now - start) / .seconds(1) + 1)
            #expect(sent <= allowed * 1.000_001)
        }
        // And no less, where there is always something to send.
        let began = now
        var more = 0.0
        for _ in 0..<200 {
            now += bucket.take(Int(rate), now: now)
            more += Double(rate)
        }
        #expect(more >= Double(rate) * ((now - began) / .seconds(1)) * 0.99)
    }

    @Test("a clock that stands still or goes back fills nothing")
    func clock() {
        var bucket = TokenBucket(bytesPerSecond: 1000, now: .seconds(10))
        #expect(bucket.take(1000, now: .seconds(10)) == .zero)
        #expect(bucket.take(1000, now: .seconds(10)) == .seconds(1))
        #expect(bucket.take(1000, now: .seconds(5)) == .seconds(2))
        #expect(bucket.take(1, now: .seconds(10)) > .seconds(2))
        #expect(bucket.take(1, now: .seconds(60)) == .zero)
    }

    @Test("a limit lets its callers wait as long as the bucket says, by the injected clock")
    func waits() async throws {
        let clock = ManualClock()
        let limit = BandwidthLimit(bytesPerSecond: 100, seams: clock.seams)
        try await limit.pass(100)
        let second = Task { try await limit.pass(250) }
        try await eventually("the second waits") { clock.sleeperCount == 1 }
        #expect(clock.wakeTimes == [.milliseconds(2500)])
        clock.advance(by: .milliseconds(2500))
        try await second.value
    }
}
