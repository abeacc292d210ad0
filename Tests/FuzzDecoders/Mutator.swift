/// Changes bytes as damage and malice do.
public enum Mutator {
    /// Lengths that are larger than anything: in four and eight bytes, and as LEB128.
    private static let extremes: [[UInt8]] = [
        [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        [UInt8](repeating: 0xFF, count: 9) + [1], [UInt8](repeating: 0xFF, count: 9) + [2],
        [0, 0, 0, 0, 0, 0, 0, 0x80],
    ]

    /// One of the samples, changed once to four times.
    public static func changed(
        _ samples: [[UInt8]], with others: [[UInt8]], using random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        var bytes = samples.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) { change(&bytes, others, &random) }
        return bytes
    }

    private static func change(_ bytes: inout [UInt8], _ others: [[UInt8]], _ random: inout some RandomNumberGenerator)
    {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.removeSubrange(place..<Int.random(in: place...bytes.count, using: &random))
        case 4:
            let extreme = extremes.randomElement(using: &random) ?? []
            bytes.replaceSubrange(place..<min(place + extreme.count, bytes.count), with: extreme)
        case 5: bytes.insert(contentsOf: bytes[place...].prefix(64), at: place)
        default:
            let other = others.randomElement(using: &random) ?? []
            bytes.replaceSubrange(place..., with: other[Int.random(in: 0...other.count, using: &random)...])
        }
    }
}
