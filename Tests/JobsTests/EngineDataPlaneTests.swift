import Catalog
import ControlPlane
import Endpoints
import Foundation
import HoldfastCore
import Jobs
import ObjectStorage
import Repository
import TestSupport
import Testing
import Transfer

@Suite("The real engine serves workers")
struct EngineDataPlaneTests {
    @Test("what is backed up can be listed with its labels, restored, and forgotten")
    func roundTrip() async throws {
        try await withEngine { engine, root in
            try FileManager.default.createDirectory(atPath: "\(root)/share", withIntermediateDirectories: true)
            let bytes = Data(SeededGenerator.bytes(seed: 1, count: 300_000))
            try bytes.write(to: URL(filePath: "\(root)/share/file"))
            let outcome = try await engine.backUp(
                BackupRequest(
                    source: .tree(path: "\(root)/share"), domain: "project", labels: ["backup_id": "b"]),
                progress: { _ in })
            let stored = try #require(try await engine.restorePoints().first)
            #expect(stored.id == outcome.restorePoint && stored.labels.backup == BackupID("b"))
            #expect(stored.storedBytes == outcome.storedBytes && stored.logicalBytes == outcome.logicalBytes)
            #expect(stored.storedBytes > 0 && stored.entryCount == outcome.entryCount)

            let restored = try await engine.restore(
                RestoreRequest(restorePoint: stored.id, target: .tree(path: "\(root)/back/below")),
                progress: { _ in })
            #expect(restored.verifiedBytes >= 300_000)
            #expect(try Data(contentsOf: URL(filePath: "\(root)/back/below/file")) == bytes)

            for _ in 1...2 { try await engine.forget(stored.id) }
            #expect(try await engine.restorePoints().isEmpty)
        }
    }

    @Test("a link that leads out of the allowed roots is not followed, whenever it was put there")
    func outside() async throws {
        try await withEngine { engine, root in
            let outside = "\(root)-outside"
            try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: outside) }
            try FileManager.default.createSymbolicLink(atPath: "\(root)/link", withDestinationPath: outside)
            let error = await #expect(throws: EndpointError.self) {
                _ = try await engine.backUp(
                    BackupRequest(source: .tree(path: "\(root)/link"), domain: "project"), progress: { _ in })
            }
            #expect(error?.code == .outsideAllowedRoots)
            await #expect(throws: EndpointError.self) {
                _ = try await engine.restore(
                    RestoreRequest(restorePoint: RestorePointID("x"), target: .tree(path: "\(root)/link/below")),
                    progress: { _ in })
            }
        }
    }

    @Test("the service's own directory is out of reach, and left out of a tree around it")
    func ownDirectory() async throws {
        try await withTemporaryDirectory { root in
            let own = "\(root)/data"
            try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            try Data("secret".utf8).write(to: URL(filePath: "\(own)/repository.key"))
            try Data("plain".utf8).write(to: URL(filePath: "\(root)/file"))
            let engine = EngineDataPlane(
                repository: try Repository.create(
                    in: MemoryObjectStore(), unlockedBy: .passphrase(Array("a passphrase".utf8)), seams: .live),
                roots: try AllowedRoots([root]), privateDirectory: own, journalDirectory: nil, seams: .live)
            for place in [Endpoints.SourceLocation.tree(path: own), .image(path: "\(own)/repository.key")] {
                let error = await #expect(throws: EndpointError.self) {
                    _ = try await engine.backUp(
                        BackupRequest(source: place, domain: "project"), progress: { _ in })
                }
                #expect(error?.code == .outsideAllowedRoots)
            }
            let around = try await engine.backUp(
                BackupRequest(source: .tree(path: root), domain: "project"), progress: { _ in })
            #expect(around.entryCount == 2, "the root and the file beside")
        }
    }

    @Test("a lock that can't be written fails alone")
    func locks() async throws {
        try await withEngine { engine, root in
            var points: [RestorePointID] = []
            for name in ["a", "b"] {
                try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
                points.append(
                    try await engine.backUp(
                        BackupRequest(source: .tree(path: "\(root)/\(name)"), domain: "project"), progress: { _ in }
                    ).restorePoint)
            }
            let year10000 = Date(timeIntervalSince1970: 253_402_300_800)
            let answer = try await engine.lock([
                RestorePointLock(restorePoint: points[0], keep: .until(year10000)),
                RestorePointLock(restorePoint: points[1], keep: .forever),
            ])
            #expect(Set(answer.failures.keys) == [points[0]] && answer.protection == .refusesRemoval)
            let keeps = try await engine.restorePoints().map { [$0.id: $0.keep] }
            #expect(keeps.contains([points[0]: nil]) && keeps.contains([points[1]: .forever]))
        }
    }

    private func withEngine(_ body: (EngineDataPlane, _ root: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let repository = try Repository.create(
                in: MemoryObjectStore(), unlockedBy: .passphrase(Array("a passphrase".utf8)), seams: .live)
            try FileManager.default.createDirectory(atPath: "\(directory)/srv", withIntermediateDirectories: true)
            let engine = EngineDataPlane(
                repository: repository, roots: try AllowedRoots(["\(directory)/srv"]), journalDirectory: nil,
                seams: .live)
            try await body(engine, "\(directory)/srv")
        }
    }
}

extension SeededGenerator {
    fileprivate static func bytes(seed: UInt64, count: Int) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return random.bytes(count)
    }
}
