import CHoldfast
import Endpoints
import Foundation
import HoldfastCore
import TestSupport
import Testing
import Transfer

@Suite("Images come back bit for bit")
struct ImageTests {
    @Test("with their holes, to a new file", arguments: [UInt64](1...8))
    func roundTrip(seed: UInt64) async throws {
        try await withImage(seed: seed) { image, fixture in
            let outcome = try await fixture.backUp(image: image)
            let target = image + "-back"
            let restored = try await fixture.restore(outcome.restorePoint, to: .image(path: target))
            #expect(try read(target) == read(image))
            #expect(restored.warnings == [] && outcome.warnings == [])
            #expect(outcome.logicalBytes == Int64(try read(image).count))
            #expect(try allocated(target) <= allocated(image) + (1 << 20), "holes come back as holes")
        }
    }

    @Test("over other bytes: only what differs is written, and holes are cleared")
    func overOther() async throws {
        try await withImage(seed: 20) { image, fixture in
            let outcome = try await fixture.backUp(image: image)
            let target = image + "-back"
            var bytes = try read(image)
            let place = bytes.count / 2
            for index in place..<place + 5000 { bytes[index] = 0xEE }
            try write(bytes, to: target)
            let restored = try await fixture.restore(outcome.restorePoint, to: .image(path: target))
            #expect(try read(target) == read(image))
            #expect(restored.writtenBytes <= 4 << 20)
        }
    }

    @Test("a change of 4 KiB costs little, and an unchanged image is not read")
    func incremental() async throws {
        try await withImage(seed: 21) { image, fixture in
            let first = try await fixture.backUp(image: image)
            let same = try await fixture.backUp(image: image, parent: first.restorePoint)
            #expect(same.readBytes == 0 && same.storedBytes == 0)
            let file = try FileHandle(forUpdating: URL(filePath: image))
            try file.seek(toOffset: 1 << 20)
            try file.write(contentsOf: Data(repeating: 0x5A, count: 4096))
            try file.close()
            let changed = try await fixture.backUp(image: image, parent: first.restorePoint)
            #expect(changed.storedBytes > 0 && changed.storedBytes < 300_000)
            let target = image + "-back"
            try await fixture.restore(changed.restorePoint, to: .image(path: target))
            #expect(try read(target) == read(image))
        }
    }

    @Test("a restore that is cut off leaves its mark, and the same again finishes it", arguments: [1, 3, 9])
    func resumed(cutAfter: Int) async throws {
        try await withImage(seed: 22, holes: false) { image, fixture in
            let outcome = try await fixture.backUp(image: image)
            let target = image + "-back"
            let writes = Counter()
            await #expect(throws: (any Error).self) {
                try await fixture.restore(
                    outcome.restorePoint, to: .image(path: target),
                    hooks: RestoreHooks(willWrite: { _, _, _ in
                        if writes.next() >= cutAfter { throw SystemFailure("killed", number: EIO) }
                    }))
            }
            let mark = target + ".holdfast-restore"
            #expect(FileManager.default.fileExists(atPath: mark), "a half-written target is marked")
            let again = try await fixture.restore(outcome.restorePoint, to: .image(path: target))
            #expect(again.resumed && !FileManager.default.fileExists(atPath: mark))
            #expect(try read(target) == read(image))
        }
    }

    @Test("the other kind of target is refused before anything is written")
    func wrongTarget() async throws {
        try await withImage(seed: 23) { image, fixture in
            let outcome = try await fixture.backUp(image: image)
            let directory = image + "-directory"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            let mismatch = await #expect(throws: TransferError.self) {
                try await fixture.restore(outcome.restorePoint, to: .tree(path: directory))
            }
            #expect(mismatch?.code == .kindMismatch)
            let missing = await #expect(throws: TransferError.self) {
                try await fixture.restore(
                    RestorePointID(String(repeating: "0", count: 64)), to: .image(path: image + "-new"))
            }
            #expect(missing?.code == .restorePointMissing)
            #expect(!FileManager.default.fileExists(atPath: image + "-new"))
        }
    }

    private func withImage(
        seed: UInt64, holes: Bool = true, _ body: (_ image: String, Fixture) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { place in
            let image = place + "/disk.raw"
            var random = SeededGenerator(seed: seed)
            #expect(FileManager.default.createFile(atPath: image, contents: nil))
            let file = try FileHandle(forUpdating: URL(filePath: image))
            let size = UInt64.random(in: 4_000_000...9_000_000, using: &random)
            try file.truncate(atOffset: size)
            for _ in 0..<(holes ? 12 : 0) {
                let bytes = random.bytes(Int.random(in: 1...200_000, using: &random))
                try file.seek(toOffset: UInt64.random(in: 0...size - UInt64(bytes.count), using: &random))
                try file.write(contentsOf: Data(bytes))
            }
            if !holes { try file.write(contentsOf: Data(random.bytes(Int(size)))) }
            try file.close()
            try await body(image, try Fixture())
        }
    }

    private func allocated(_ path: String) throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw POSIXError(.ENOENT) }
        return Int(status.st_blocks) * 512
    }
}
