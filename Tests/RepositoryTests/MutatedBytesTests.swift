import Foundation
import FuzzDecoders
import TestSupport
import Testing

/// Goal: no stored bytes stop the process, or make it allocate what they only claim. Method: what each decoder takes, with
/// bits flipped, parts cut off, repeated, put together with others, and lengths made huge. `make fuzz` does the same with
/// libFuzzer, led by what the code has not done yet.
@Suite("Decoders of stored bytes take any bytes")
struct MutatedBytesTests {
    private static let rounds = 8000 * Nightly.factor
    /// Far above what all tests together need, far below what a length of 32 or 64 bits can ask for.
    private static let growthBytesMax = 2 << 30

    @Test("and whole ones are taken", arguments: StoredDecoder.allCases)
    func samples(decoder: StoredDecoder) throws {
        let samples = try decoder.samples()
        #expect(!samples.isEmpty)
        for sample in samples where decoder != .entries && decoder != .extents && decoder != .imageMap {
            #expect(try decoder.decode(sample))
        }
    }

    @Test("changed in any way", arguments: StoredDecoder.allCases)
    func mutations(decoder: StoredDecoder) throws {
        let samples = try decoder.samples()
        let all = try StoredDecoder.allCases.flatMap { try $0.samples() }
        var random = SeededGenerator(seed: UInt64(decoder.rawValue) + (Nightly.number("HOLDFAST_FIRST_SEED") ?? 0))
        let before = try Self.addressSpaceBytes()
        for round in 0..<Self.rounds {
            var bytes = samples.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.change(&bytes, all, &random) }
            do { _ = try decoder.decode(bytes) } catch { Issue.record("round \(round): \(error): \(bytes)") }
        }
        let growth = try Self.addressSpaceBytes() - before
        #expect(growth < Self.growthBytesMax, "the address space grew by \(growth >> 20) MiB")
    }

    private static func change(_ bytes: inout [UInt8], _ all: [[UInt8]], _ random: inout SeededGenerator) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let extremes: [[UInt8]] = [
            [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
            [UInt8](repeating: 0xFF, count: 9) + [1],
            [UInt8](repeating: 0xFF, count: 9) + [2], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0, 0, 0, 0, 0, 0, 0, 0x80],
        ]
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.removeSubrange(place..<Int.random(in: place...bytes.count, using: &random))
        case 4:
            // A length that is larger than anything.
            let extreme = extremes.randomElement(using: &random) ?? []
            bytes.replaceSubrange(place..<min(place + extreme.count, bytes.count), with: extreme)
        case 5: bytes.insert(contentsOf: bytes[place...].prefix(64), at: place)
        default:
            let other = all.randomElement(using: &random) ?? []
            bytes.replaceSubrange(place..., with: other[Int.random(in: 0...other.count, using: &random)...])
        }
    }

    /// The most that this process ever had mapped: also an allocation that was never written to shows here.
    private static func addressSpaceBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmPeak:") })
        return try #require(
            line.split(separator: " ").dropFirst().first.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }) << 10
    }
}
