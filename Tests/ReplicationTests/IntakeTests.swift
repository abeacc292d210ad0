import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Repository
import TestSupport
import Testing
import Transfer

@testable import Replication

@Suite("Nothing that a sender says is believed")
struct IntakeTests {
    private struct Open {
        let session: String
        let naming: ChunkNaming

        func name(_ bytes: [UInt8]) throws -> [UInt8] { try bytes.withUnsafeBytes { try naming.name(of: $0) }.bytes }

        func frame(_ bytes: [UInt8], named name: [UInt8]? = nil, length: UInt32? = nil) throws -> [UInt8] {
            let length = withUnsafeBytes(of: (length ?? UInt32(bytes.count)).littleEndian) { Array($0) }
            return try (name ?? self.name(bytes)) + length + bytes
        }
    }

    private func open(
        _ servers: TwoServers, _ backup: String = "backup-1", basis: RestorePointID? = nil, isRepeated: Bool = false
    ) async throws -> Open {
        let answer = try await servers.intake.begin(
            servers.draft(backup), isImage: false, basis: basis, isRepeated: isRepeated, by: TwoServers.caller)
        let session = try #require(answer.session)
        return Open(session: session.id, naming: try #require(ChunkNaming(key: session.namingKey)))
    }

    private func expectRefused(
        _ code: ControlError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async {
        let error = await #expect(throws: ControlError.self, sourceLocation: sourceLocation) { try await body() }
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }

    @Test("chunks that are not what they are called, or not whole, are refused, and none of them is there after")
    func frames() async throws {
        try await TwoServers.with { servers in
            let (intake, caller) = (servers.intake, TwoServers.caller)
            let open = try await open(servers)
            let bytes: [UInt8] = [1, 2, 3]
            let bad: [[UInt8]] = try [
                open.frame(bytes, named: open.name([9])), open.frame(bytes, length: 4), open.frame([], length: 0),
                open.frame(bytes, length: .max), Array(open.frame(bytes).dropLast()), Array(open.name(bytes)),
                open.frame([UInt8](repeating: 0, count: Chunk.plainBytesMax + 1)),
            ]
            for frames in bad {
                await expectRefused(.invalid) {
                    _ = try await intake.take(frames, session: open.session, by: caller)
                }
            }
            await expectRefused(.invalid) { _ = try await intake.missing([1], session: open.session, by: caller) }
            #expect(try await intake.missing(open.name(bytes), session: open.session, by: caller) == [1])
            #expect(
                try await intake.take(open.frame(bytes) + open.frame([4]), session: open.session, by: caller) == 2)
            #expect(
                try await intake.missing(open.name(bytes) + open.name([5]), session: open.session, by: caller) == [
                    0, 1,
                ])
        }
    }

    /// Goal: no bytes make the reader of frames crash, or store what was not sent. Method: whole frames, with bytes flipped,
    /// left out and doubled; afterwards what is there is what a plain reader of the same bytes finds.
    @Test("any bytes at all are either whole chunks or refused", arguments: [UInt64](1...4))
    func mutations(seed: UInt64) async throws {
        try await TwoServers.with { servers in
            var random = SeededGenerator(seed: seed)
            let open = try await open(servers)
            for _ in 0..<100 {
                var frames: [UInt8] = []
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    frames += try open.frame(random.bytes(Int.random(in: 1...200, using: &random)))
                }
                let whole = frames
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    frames[Int.random(in: 0..<frames.count, using: &random)] ^=
                        1 << UInt8.random(in: 0..<8, using: &random)
                case 1: frames.removeLast(Int.random(in: 1...frames.count, using: &random))
                case 2: frames += random.bytes(Int.random(in: 1...50, using: &random))
                default: break
                }
                do {
                    _ = try await servers.intake.take(frames, session: open.session, by: TwoServers.caller)
                    #expect(whole.starts(with: frames), "only whole frames are taken")
                } catch let error as ControlError { #expect(error.code == .invalid) }
            }
        }
    }

    @Test("a vault that goes while its replica comes leaves nothing behind")
    func vaultGone() async throws {
        try await TwoServers.with { servers in
            let point = try await servers.backUp(["a": [1, 2, 3]])
            let line = Line(
                servers.intake,
                before: { number in
                    // Calls are begin, missing, chunks, finish.
                    if number == 4 {
                        try await servers.catalog.write {
                            try $0.vaults.setState(.deleting, of: servers.vault, now: Instant(microseconds: 1))
                        }
                    }
                })
            await #expect(throws: ReplicaFailure.self) {
                _ = try await servers.sender(line).send(
                    servers.work(point), of: TwoServers.near, isRepeated: false, progress: { _ in })
            }
            #expect(try servers.target.restorePoints().isEmpty)
        }
    }

    @Test("a session is its project's alone, and a viewer's never")
    func walls() async throws {
        try await TwoServers.with { servers in
            let open = try await open(servers)
            let stranger = Caller(project: TwoServers.near, user: nil, role: .admin, requestID: "r")
            let viewer = Caller(project: TwoServers.far, user: nil, role: .viewer, requestID: "r")
            for (caller, code) in [(stranger, ControlError.Code.operationNotFound), (viewer, .forbidden)] {
                await expectRefused(code) {
                    _ = try await servers.intake.missing(open.name([1]), session: open.session, by: caller)
                }
                await expectRefused(code) {
                    _ = try await servers.intake.take(open.frame([1]), session: open.session, by: caller)
                }
                await expectRefused(code == .forbidden ? .forbidden : .vaultNotFound) {
                    _ = try await servers.intake.begin(
                        servers.draft(), isImage: false, basis: nil, isRepeated: false, by: caller)
                }
            }
            await servers.intake.end(session: open.session, by: stranger)
            #expect(try await servers.intake.missing([], session: open.session, by: TwoServers.caller) == [])
        }
    }

    @Test("what is not a replica's is never given, though its name be known: the project's own backups too")
    func reading() async throws {
        try await TwoServers.with { servers in
            let own = try servers.target.beginBackup(domain: TwoServers.far.text)
            let secret = try [UInt8]("secret".utf8).withUnsafeBytes { try own.store($0) }
            try own.settle()
            let open = try await open(servers)
            await expectRefused(.operationNotFound) {
                _ = try await servers.intake.give(secret.bytes, session: open.session, by: TwoServers.caller)
            }
            _ = try await servers.intake.take(open.frame([1, 2]), session: open.session, by: TwoServers.caller)
            await servers.intake.end(session: open.session, by: TwoServers.caller)
            let next = try await self.open(servers)
            #expect(
                try await servers.intake.give(open.name([1, 2]), session: next.session, by: TwoServers.caller) == [
                    1, 2,
                ])
        }
    }

    @Test("a manifest that lacks a chunk, is made up, or names what is not a replica's makes no backup")
    func manifests() async throws {
        try await TwoServers.with { servers in
            let own = try servers.target.beginBackup(domain: TwoServers.far.text)
            let foreign = try [UInt8]("own".utf8).withUnsafeBytes { try own.store($0) }
            try own.settle()
            for root in [[UInt8](repeating: 3, count: 32), foreign.bytes, [1, 2]] {
                let open = try await open(servers)
                _ = try await servers.intake.take(open.frame([1, 2, 3]), session: open.session, by: TwoServers.caller)
                await expectRefused(.invalid) {
                    _ = try await servers.intake.finish(
                        ReplicaEnd(root: root, isImage: false, logicalBytes: 0, entryCount: 0, warningCount: 0),
                        session: open.session, by: TwoServers.caller)
                }
            }
            let open = try await open(servers)
            _ = try await servers.intake.take(open.frame([1, 2, 3]), session: open.session, by: TwoServers.caller)
            await expectRefused(.invalid) {
                _ = try await servers.intake.finish(
                    ReplicaEnd(
                        root: open.name([1, 2, 3]), isImage: false, logicalBytes: 0, entryCount: 0, warningCount: 0),
                    session: open.session, by: TwoServers.caller)
            }
            #expect(try await servers.replicas().isEmpty && servers.target.restorePoints().isEmpty)
        }
    }

    @Test("a replica of the future is dated now, counts for no retention, and its vault knows what it takes")
    func future() async throws {
        try await TwoServers.with { servers in
            let point = try await servers.backUp(["a": [UInt8](repeating: 1, count: 100_000)])
            let sent = try await servers.sender(Line(servers.intake)).send(
                servers.work(point), of: TwoServers.near, isRepeated: false, progress: { _ in })
            let record = try #require(try await servers.replicas().first)
            #expect(record.id == sent.backup && record.createdAt <= Instant(servers.seams.now()))
            let vault = try await servers.control.showVault(servers.vault, by: TwoServers.caller)
            #expect(vault.usedBytes == record.storedBytes && vault.members.isEmpty && record.storedBytes > 0)
            await expectRefused(.invalid) {
                _ = try await servers.control.restoreBackup(RestoreDraft(backup: record.id), by: TwoServers.caller)
            }
        }
    }

    @Test("a replica whose row was never written is found by who asks again, and not made twice")
    func unheard() async throws {
        try await TwoServers.with { servers in
            let point = try await servers.backUp(["a": [1, 2, 3]])
            let sent = try await servers.sender(Line(servers.intake)).send(
                servers.work(point), of: TwoServers.near, isRepeated: false, progress: { _ in })
            let record = try #require(try await servers.replicas().first)
            try await servers.catalog.write { try $0.backups.delete(record.id, of: record.checkpoint) }

            let line = Line(servers.intake)
            let again = try await servers.sender(line).send(
                servers.work(point), of: TwoServers.near, isRepeated: true, progress: { _ in })
            #expect(again.backup == sent.backup && again.restorePoint == sent.restorePoint)
            #expect(line.seen.calls == 1 && line.seen.chunkBytes == 0)
            #expect(try await servers.replicas().map(\.id) == [sent.backup])
        }
    }

    @Test("sessions are bounded: a project has four at most, and beginning the same again takes its own place")
    func bounds() async throws {
        try await TwoServers.with { servers in
            let first = try await open(servers, "backup-1")
            for number in 2...4 { _ = try await open(servers, "backup-\(number)") }
            await expectRefused(.tooManyReplicas) { _ = try await self.open(servers, "backup-5") }
            let again = try await open(servers, "backup-1")
            #expect(again.session != first.session)
            await expectRefused(.operationNotFound) {
                _ = try await servers.intake.missing([], session: first.session, by: TwoServers.caller)
            }
        }
    }
}
