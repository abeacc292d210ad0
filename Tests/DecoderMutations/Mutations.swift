import FuzzDecoders

/// Gives changed bytes to every decoder of stored bytes: `DecoderMutations ROUNDS SEED`. For a process with little memory, which
/// a decoder that believes a length ends. Names the decoder before it starts, so that the last one named is the one.
@main
enum Mutations {
    /// SplitMix64.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        let all = try StoredDecoder.allCases.flatMap { try $0.samples() }
        for decoder in StoredDecoder.allCases {
            print(decoder)
            var random = Random(state: (numbers.last ?? 1) &+ UInt64(decoder.rawValue))
            let samples = try decoder.samples()
            for _ in 0..<(numbers.first ?? 1000) {
                _ = try decoder.decode(Mutator.changed(samples, with: all, using: &random))
            }
        }
        print("done")
    }
}
