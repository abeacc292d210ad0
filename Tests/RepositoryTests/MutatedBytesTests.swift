import Foundation
import FuzzDecoders
import TestSupport
import Testing

/// Goal: no stored bytes stop the process or make sense that they have not. Method: what each decoder takes, with bits flipped,
/// parts cut off, repeated, put together with others, and lengths made huge. That nothing is allocated that bytes only claim,
/// `test_decoders.py` shows, in a process of its own with little memory; `make fuzz` does both with libFuzzer.
@Suite("Decoders of stored bytes take any bytes")
struct MutatedBytesTests {
    private static let rounds = 8000 * Nightly.factor

    @Test("and whole ones are taken", arguments: StoredDecoder.allCases)
    func samples(decoder: StoredDecoder) throws {
        let samples = try decoder.samples()
        #expect(!samples.isEmpty)
        for sample in samples where decoder != .entries && decoder != .extents && decoder != .imageMap {
            #expect(try decoder.decode(sample))
        }
    }

    @Test("changed in any way", arguments: StoredDecoder.allCases)
    func mutations(decoder: StoredDecoder) async throws {
        let samples = try decoder.samples()
        let all = try StoredDecoder.allCases.flatMap { try $0.samples() }
        var random = SeededGenerator(seed: UInt64(decoder.rawValue) + (Nightly.number("HOLDFAST_FIRST_SEED") ?? 0))
        for round in 0..<Self.rounds {
            let bytes = Mutator.changed(samples, with: all, using: &random)
            do { _ = try decoder.decode(bytes) } catch { Issue.record("round \(round): \(error): \(bytes)") }
            // Others need this thread as well.
            if round.isMultiple(of: 100) { await Task.yield() }
        }
    }
}
