import Foundation
import TestSupport
import Testing

@testable import Repository

@Suite("Images are cut where their blocks say so")
struct BlockCutterTests {
    @Test("pieces cover all bytes, and keep their limits", arguments: [UInt64](1...30))
    func limits(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bytes = Self.bytes(&random)
        let pieces = bytes.withUnsafeBytes { BlockCutter.pieces(of: $0) }
        var start = 0
        for piece in pieces {
            switch piece {
            case .hole(let blocks):
                let end = min(start + blocks * ImageBlock.sizeBytes, bytes.count)
                #expect(bytes[start..<end].allSatisfy { $0 == 0 })
                start = end
            case .data(let blocks):
                #expect(blocks > 0 && blocks < BlockCutter.blocksMax + BlockCutter.blocksMin)
                start = min(start + blocks * ImageBlock.sizeBytes, bytes.count)
            }
        }
        #expect(start == bytes.count)
    }

    @Test("a piece does not depend on how much is seen behind it", arguments: [UInt64](1...30))
    func lookahead(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bytes = Self.bytes(&random)
        let whole = bytes.withUnsafeBytes { BlockCutter.firstPiece(of: $0, isEnd: true) }
        for blocks in stride(from: 1, to: bytes.count / ImageBlock.sizeBytes, by: 7) {
            let part = bytes.prefix(blocks * ImageBlock.sizeBytes)
            guard let piece = part.withUnsafeBytes({ BlockCutter.firstPiece(of: $0, isEnd: false) }) else {
                #expect(blocks < BlockCutter.blocksMax + BlockCutter.holeBlocksMin)
                continue
            }
            // A hole may go on behind what was seen.
            if case .hole = piece { continue }
            #expect(piece == whole)
        }
    }

    private static func bytes(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let count = ImageBlock.sizeBytes * Int.random(in: 1...120, using: &random)
            let isZero = Int.random(in: 0..<3, using: &random) == 0
            let limit = isZero && Bool.random(using: &random) ? ImageBlock.sizeBytes * 15 : count
            bytes += isZero ? [UInt8](repeating: 0, count: min(count, limit)) : random.bytes(count)
        }
        return bytes + random.bytes(Int.random(in: 0..<4096, using: &random))
    }
}
