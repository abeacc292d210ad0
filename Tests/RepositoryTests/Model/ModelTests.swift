import Foundation
import TestSupport
import Testing

@testable import Repository

/// Goal: a repository is what its users take it for. Method: random operations on it and on a reference of a few lines; a
/// failing run is shrunk to the operations that matter.
@Suite("A repository agrees with a reference of a few lines")
struct ModelTests {
    private static let first = Nightly.number("HOLDFAST_FIRST_SEED") ?? 1
    private static let count = Nightly.number("HOLDFAST_MODEL_RUNS") ?? 150

    @Test("under random operations", arguments: stride(from: first, to: first + count, by: 10).map { $0 })
    func runs(start: UInt64) async throws {
        for seed in start..<min(start + 10, Self.first + Self.count) {
            var random = SeededGenerator(seed: seed)
            var last = SmallTree()
            let operations = (0..<40).map { _ in Operation.random(&random, last: &last) }
            guard let violation = try await Heavy.run({ [operations] in ModelRun.violation(of: operations) }) else {
                continue
            }
            let least = shrunk(operations) { ModelRun.violation(of: $0) != nil }
            Issue.record(
                """
                seed \(seed): \(violation)
                the same with less: \(ModelRun.violation(of: least) ?? "")
                \(least.map(\.description).joined(separator: "\n"))
                alone: HOLDFAST_FIRST_SEED=\(seed) HOLDFAST_MODEL_RUNS=1 swift test --disable-xctest --filter ModelTests
                """)
        }
    }

    @Test("a failing sequence is shrunk to the steps that matter", arguments: [UInt64](1...20))
    func shrinking(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let steps = (0..<60).map { _ in Int.random(in: 0..<10, using: &random) } + [3, 7]
        // Fails when a 7 comes anywhere behind a 3.
        let least = shrunk(steps) { steps in steps.firstIndex(of: 3).map { steps[$0...].contains(7) } ?? false }
        #expect(least == [3, 7])
    }
}
