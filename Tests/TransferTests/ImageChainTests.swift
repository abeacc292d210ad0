import Endpoints
import Foundation
import HoldfastCore
import Repository
import TestSupport
import Testing
import Transfer

@Suite("Images change in many ways, and every restore point stays what it was")
struct ImageChainTests {
    /// Goal: whatever happens between two backups, all restore points of the chain come back bit for bit. Method: random
    /// edits of every kind, each generation backed up on the one before, half of them by a list of changes.
    @Test("over ten generations of random edits", arguments: [UInt64](1...12))
    func chain(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            var random = SeededGenerator(seed: seed)
            let path = place + "/disk.raw"
            var disk = Disk(path: path, random: &random)
            let fixture = try Fixture()
            var wanted: [(RestorePointID, [UInt8])] = []
            for generation in 0..<10 {
                if generation > 0 { disk.edit(&random) }
                try disk.save()
                let isListed = generation > 0 && Bool.random(using: &random)
                let outcome = try await fixture.backUp(
                    image: path, parent: wanted.last?.0, changes: isListed ? ChangeList(disk.changes) : nil)
                #expect(outcome.parentUsed == wanted.last?.0)
                wanted.append((outcome.restorePoint, disk.bytes))
                disk.changes = []
            }
            for (number, (point, bytes)) in wanted.enumerated() {
                let target = place + "/back-\(number)"
                try await fixture.restore(point, to: .image(path: target))
                #expect(try read(target) == bytes, "generation \(number)")
            }
            let report = try fixture.repository.check(readData: true)
            #expect(report.faults.isEmpty && report.hits.isEmpty)
            let other = try Fixture()
            let copied = try await fixture.copy(to: other).copied
            #expect(copied.count == wanted.count)
            for copy in copied.shuffled(using: &random).prefix(3) {
                let target = place + "/copy-\(copy.target.text.prefix(8))"
                try await other.restore(copy.target, to: .image(path: target))
                #expect(try read(target) == wanted.first { $0.0 == copy.source }?.1)
            }
            for (point, _) in wanted.dropLast().shuffled(using: &random) {
                try fixture.repository.forget(point)
                _ = try fixture.repository.prune()
            }
            let (last, bytes) = try #require(wanted.last)
            try await fixture.restore(last, to: .image(path: place + "/last"))
            #expect(try read(place + "/last") == bytes)
        }
    }

    @Test("scattered changes cost little more than the blocks they hit")
    func scattered() async throws {
        try await withTemporaryDirectory { place in
            var random = SeededGenerator(seed: 77)
            let path = place + "/disk.raw"
            var disk = Disk(path: path, bytes: random.bytes(48 << 20))
            try disk.save()
            let fixture = try Fixture()
            var parent = try await fixture.backUp(image: path).restorePoint
            for _ in 0..<3 {
                for _ in 0..<120 { disk.rewrite(blocks: 1, &random) }
                try disk.save()
                let outcome = try await fixture.backUp(image: path, parent: parent)
                #expect(outcome.storedBytes < 120 * 4096 * 5 / 4)
                parent = outcome.restorePoint
            }
            try await fixture.restore(parent, to: .image(path: place + "/back"))
            #expect(try read(place + "/back") == disk.bytes)
        }
    }

    @Test("a list of changes is all that is read")
    func listed() async throws {
        try await withTemporaryDirectory { place in
            var random = SeededGenerator(seed: 78)
            let path = place + "/disk.raw"
            var disk = Disk(path: path, bytes: random.bytes(24 << 20))
            try disk.save()
            let fixture = try Fixture()
            let first = try await fixture.backUp(image: path).restorePoint
            for _ in 0..<20 { disk.rewrite(blocks: 2, &random) }
            try disk.save()
            let second = try await fixture.backUp(image: path, parent: first, changes: ChangeList(disk.changes))
            #expect(second.readBytes <= 20 * 2 * 4096)
            // A later full look finds the contents as the list left them, and fills in what they are called.
            disk.rewrite(blocks: 1, &random)
            try disk.save()
            let third = try await fixture.backUp(image: path, parent: second.restorePoint)
            #expect(third.storedBytes < 60_000)
            try await fixture.restore(third.restorePoint, to: .image(path: place + "/back"))
            #expect(try read(place + "/back") == disk.bytes)
        }
    }

    @Test("contents that moved by whole blocks are not stored again")
    func moved() async throws {
        try await withTemporaryDirectory { place in
            var random = SeededGenerator(seed: 79)
            let contents = random.bytes(24 << 20)
            let fixture = try Fixture()
            try write(contents, to: place + "/one")
            let first = try await fixture.backUp(image: place + "/one")
            try write(random.bytes(4096 * 37) + contents, to: place + "/two")
            let second = try await fixture.backUp(image: place + "/two")
            #expect(second.storedBytes < first.storedBytes / 4)
        }
    }

    /// The contents of an image, and what was done to them.
    private struct Disk {
        let path: String
        var bytes: [UInt8]
        var changes: [Range<Int64>] = []

        init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }

        init(path: String, random: inout SeededGenerator) {
            self.path = path
            bytes = random.bytes(Int.random(in: 1..<9_000_000, using: &random))
            for _ in 0..<Int.random(in: 0...6, using: &random) { zero(blocks: 300, &random) }
        }

        mutating func edit(_ random: inout SeededGenerator) {
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                switch Int.random(in: 0..<12, using: &random) {
                case 0: rewrite(blocks: 700, &random)
                case 1: zero(blocks: 400, &random)
                case 2: zero(blocks: 2, &random)
                case 3: resize(&random)
                default: rewrite(blocks: 3, &random)
                }
            }
        }

        mutating func rewrite(blocks: Int, _ random: inout SeededGenerator) {
            let range = place(blocks: blocks, &random)
            bytes.replaceSubrange(range, with: random.bytes(range.count))
        }

        private mutating func zero(blocks: Int, _ random: inout SeededGenerator) {
            let range = place(blocks: blocks, &random)
            bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
        }

        private mutating func resize(_ random: inout SeededGenerator) {
            let size = max(1, bytes.count + Int.random(in: -500_000...500_000, using: &random))
            if size > bytes.count {
                changes.append(Int64(bytes.count)..<Int64(size))
                bytes += random.bytes(size - bytes.count)
            } else {
                bytes.removeLast(bytes.count - size)
            }
        }

        private mutating func place(blocks: Int, _ random: inout SeededGenerator) -> Range<Int> {
            let all = (bytes.count + 4095) / 4096
            let first = Int.random(in: 0..<all, using: &random)
            let range = first * 4096..<min((first + Int.random(in: 1...blocks, using: &random)) * 4096, bytes.count)
            changes.append(Int64(range.lowerBound)..<Int64(range.upperBound))
            return range
        }

        /// Runs of zeros are written as holes.
        func save() throws {
            try write([], to: path)
            let file = try FileHandle(forUpdating: URL(filePath: path))
            try file.truncate(atOffset: UInt64(bytes.count))
            for start in stride(from: 0, to: bytes.count, by: 4096) {
                let block = bytes[start..<min(start + 4096, bytes.count)]
                if block.allSatisfy({ $0 == 0 }) { continue }
                try file.seek(toOffset: UInt64(start))
                try file.write(contentsOf: Data(block))
            }
            try file.close()
        }
    }
}
