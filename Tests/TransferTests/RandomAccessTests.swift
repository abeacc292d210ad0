import Endpoints
import Foundation
import HoldfastCore
import Repository
import TestSupport
import Testing
import Transfer

@Suite("Contents can be read at any place")
struct RandomAccessTests {
    /// Goal: a read is what pread(2) gives, in any order, from several threads. Method: random places and lengths in an
    /// image with holes and patched extents, larger than a page of its map.
    @Test("of images", arguments: [UInt64](1...2))
    func images(seed: UInt64) async throws {
        try await withTemporaryDirectory { place in
            var random = SeededGenerator(seed: seed)
            let size = 66 << 20
            var bytes = [UInt8](repeating: 0, count: size + 777)
            for _ in 0..<12 {
                let piece = random.bytes(Int.random(in: 1...200_000, using: &random))
                let start = Int.random(in: 0..<size - piece.count, using: &random)
                bytes.replaceSubrange(start..<start + piece.count, with: piece)
            }
            try write(bytes, to: place + "/image")
            let fixture = try Fixture()
            let first = try await fixture.backUp(image: place + "/image")
            for _ in 0..<20 {
                let start = Int.random(in: 0..<size / 4096, using: &random) * 4096
                bytes.replaceSubrange(start..<start + 4096, with: random.bytes(4096))
            }
            try write(bytes, to: place + "/image")
            let second = try await fixture.backUp(image: place + "/image", parent: first.restorePoint)
            let reader = fixture.repository.reader()
            let root = try fixture.repository.restorePoint(second.restorePoint).description.root
            let contents = ImageContents(try ImageRoot.read(root, fetch: { try reader.read($0) }), reader: reader)
            try Self.compare(bytes, &random) { try contents.read(at: $0, into: $1) }
        }
    }

    @Test("of files with many extents and holes")
    func files() async throws {
        try await withTemporaryDirectory { place in
            var random = SeededGenerator(seed: 9)
            try FileManager.default.createDirectory(atPath: place + "/tree", withIntermediateDirectories: false)
            let path = place + "/tree/file"
            try write([], to: path)
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            // 600 runs of data and as many holes: more extents than lie between two kept places.
            for index in 0..<600 {
                try handle.seek(toOffset: UInt64(index) * 65_536)
                try handle.write(contentsOf: Data(random.bytes(4096 + index)))
            }
            try handle.truncate(atOffset: 600 * 65_536)
            try handle.close()
            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: place + "/tree")
            let reader = fixture.repository.reader()
            let root = try fixture.repository.restorePoint(outcome.restorePoint).description.root
            let browser = try TreeBrowser(root, fetch: { try reader.read($0) })
            let entry = try #require(try browser.entry(at: [Array("file".utf8)]))
            guard case .file(let size, let extents, _) = entry.body else {
                Issue.record("it is a file")
                return
            }
            let contents = FileContents(sizeBytes: size, extents: extents, reader: reader)
            try Self.compare(try read(path), &random) { try contents.read(at: $0, into: $1) }
        }
    }

    @Test("and names be found in a directory of any length")
    func directories() async throws {
        try await withTemporaryDirectory { place in
            for index in 0..<1500 { try write([1], to: place + "/\(index)") }
            let fixture = try Fixture()
            let outcome = try await fixture.backUp(tree: place)
            let reader = fixture.repository.reader()
            let root = try fixture.repository.restorePoint(outcome.restorePoint).description.root
            guard case .directory(let entries) = try TreeRoot.read(root, fetch: { try reader.read($0) }).body else {
                Issue.record("the root is a directory")
                return
            }
            let directory = try PackedDirectory(entries, fetch: { try reader.read($0) })
            #expect(directory.count == 1500)
            for index in 0..<1500 {
                let name = Array("\(index)".utf8)
                #expect(try directory.entry(named: name)?.name == name)
                #expect(try directory.entry(named: name + [65]) == nil)
            }
            #expect(
                try (1..<1500).allSatisfy {
                    try directory.entry(at: $0 - 1).name.lexicographicallyPrecedes(directory.entry(at: $0).name)
                })
        }
    }

    private static func compare(
        _ bytes: [UInt8], _ random: inout SeededGenerator,
        read: (Int64, UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        var places = [(0, bytes.count), (bytes.count - 1, 100), (bytes.count, 10), (bytes.count + 5000, 10)]
        for _ in 0..<200 {
            places.append(
                (Int.random(in: 0..<bytes.count, using: &random), Int.random(in: 1...200_000, using: &random)))
        }
        for (start, count) in places {
            var room = [UInt8](repeating: 0xAA, count: count)
            let done = try room.withUnsafeMutableBytes { try read(Int64(start), $0) }
            #expect(done == max(0, min(count, bytes.count - start)))
            // As data, which is compared as a whole and not byte by byte.
            #expect(done == 0 || Data(room[..<done]) == Data(bytes[start..<start + done]), "\(count) bytes at \(start)")
        }
    }
}
