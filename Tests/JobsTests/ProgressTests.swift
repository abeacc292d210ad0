import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Synchronization
import TestSupport
import Testing
import Transfer

@testable import Jobs

@Suite("Progress moves, and never back")
struct ProgressTests {
    @Test("for any counts", arguments: [UInt64](1...50))
    func scale(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var scale = ProgressScale()
        var last = 0
        for _ in 1...100 {
            let total = Bool.random(using: &random) ? Int64.random(in: 0...1 << 40, using: &random) : nil
            let entries = Bool.random(using: &random) ? Int.random(in: 0...1_000_000, using: &random) : nil
            scale.note(
                TransferProgress(
                    doneBytes: .random(in: 0...1 << 40, using: &random), totalBytes: total,
                    doneEntries: .random(in: 0...1_000_000, using: &random), totalEntries: entries))
            #expect(scale.percent >= last)
            #expect((0...99).contains(scale.percent))
            last = scale.percent
        }
    }

    @Test("halfway is 50, for bytes, for items, and nearly for neither")
    func halfway() {
        func percent(_ done: Int64, _ total: Int64?, _ entries: Int, _ allEntries: Int?) -> Int {
            ProgressScale.percent(
                of: TransferProgress(
                    doneBytes: done, totalBytes: total, doneEntries: entries, totalEntries: allEntries))
        }
        #expect(percent(500, 1000, 0, nil) == 50)
        #expect(percent(0, 0, 5, 10) == 50)
        #expect(percent(0, nil, 5, 10) == 50)
        #expect(percent(1000, 1000, 10, 10) == 99, "100 is kept for what has ended")
        #expect(percent(ProgressScale.unknownHalfBytes, nil, 0, nil) == 25)
        #expect(percent(0, 0, 0, 0) == 0)
    }

    @Test("it is stored about once a second, growing, with its counts")
    func stored() async throws {
        let gate = Gate()
        let engine = FakeDataPlane(duringBackup: { _, progress in
            for step in 1...10 {
                progress(
                    TransferProgress(
                        doneBytes: Int64(step) * 100, totalBytes: 1000, doneEntries: step, totalEntries: 10))
                try await gate.pass()
            }
        })
        try await Bench.with(engine: engine) { bench in
            _ = try await bench.checkpoint(try await bench.makeVault())
            try await bench.withWorker {
                var seen: [Int] = []
                for step in 1...10 {
                    try await eventually("step \(step)") { gate.arrived == step }
                    try await bench.tick()
                    try await eventually("progress is stored") {
                        try await bench.operations().first?.details.doneEntries == step
                    }
                    seen.append(try #require(try await bench.operations().first).progressPercent)
                    gate.letOnePass()
                }
                #expect(seen == [10, 20, 30, 40, 50, 60, 70, 80, 90, 99])
                try await bench.untilIdle()
            }
            #expect(try await bench.operations().map(\.progressPercent) == [100])
        }
    }

    @Test("within a second it is stored once, and the lease as seldom as it may be")
    func rule() {
        var rule = HeartbeatRule(leaseDuration: .seconds(60), progressEvery: .seconds(1), now: .zero)
        #expect(rule.verdict(now: .milliseconds(999), percent: 10) == .rest)
        #expect(rule.verdict(now: .seconds(1), percent: 10) == .write)
        #expect(rule.verdict(now: .seconds(1), percent: 0) == .rest)
        rule.wrote(percent: 10, askedAt: .seconds(1))
        #expect(rule.verdict(now: .milliseconds(1500), percent: 20) == .rest)
        #expect(rule.verdict(now: .seconds(20), percent: 10) == .rest)
        #expect(rule.verdict(now: .seconds(21), percent: 10) == .write)
        #expect(rule.verdict(now: .seconds(61), percent: 10) == .lost)
    }
}
