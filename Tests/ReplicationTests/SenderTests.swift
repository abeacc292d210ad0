import CBRClient
import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Repository
import TestSupport
import Testing

@testable import Replication

@Suite("A backup reaches another region whole, or not at all")
struct SenderTests {
    private static func files(_ seed: UInt64, count: Int = 6) -> [String: [UInt8]] {
        var random = SeededGenerator(seed: seed)
        return Dictionary(
            uniqueKeysWithValues: (0..<count).map { index in
                ("file-\(index)", random.bytes(Int.random(in: 1...1_500_000, using: &random)))
            })
    }

    @Test("bit for bit, under other names, and a second one sends only what is new")
    func twice() async throws {
        try await TwoServers.with { servers in
            var files = Self.files(1)
            let first = try await servers.backUp(files)
            let line = Line(servers.intake)
            let sent = try await servers.sender(line).send(
                servers.work(first), of: TwoServers.near, isRepeated: false, progress: { _ in })
            #expect(try await servers.contents(of: sent.restorePoint) == files)
            let total = line.seen.chunkBytes
            #expect(total >= files.values.reduce(0) { $0 + $1.count } && sent.details.writtenBytes == Int64(total))

            files["new"] = [UInt8](repeating: 7, count: 50_000)
            let second = try await servers.backUp(files, parent: first)
            let again = Line(servers.intake)
            let next = try await servers.sender(again).send(
                servers.work(
                    second, backup: "backup-2",
                    basis: .init(source: first, target: sent.restorePoint)),
                of: TwoServers.near, isRepeated: false, progress: { _ in })
            #expect(try await servers.contents(of: next.restorePoint) == files)
            #expect(again.seen.chunkBytes < 60_000, "the rest is there")
            #expect(next.checkpoint == sent.checkpoint, "one restore point there for one here")
            let replicas = try await servers.replicas()
            #expect(Set(replicas.map(\.id)) == [sent.backup, next.backup])
            #expect(replicas.allSatisfy { $0.origin?.region == "north-1" && $0.importedAt != nil })
        }
    }

    /// Goal: whatever call fails, in whatever way, the backup arrives once and whole. Method: each call fails once; those
    /// after it do not.
    @Test(
        "whichever call fails, there is one replica in the end, and it is whole",
        arguments: [Line.Fault.lostRequest, .lostAnswer, .restart])
    func faults(fault: Line.Fault) async throws {
        var call = 1
        while true {
            let (calls, isOver) = try await once(fault, at: call)
            if isOver { break }
            #expect(calls > call, "it was tried again")
            call += 1
        }
        #expect(call > 4, "there were calls to fail")
    }

    private func once(_ fault: Line.Fault, at call: Int) async throws -> (calls: Int, isOver: Bool) {
        var calls = 0
        try await TwoServers.with { servers in
            let files = Self.files(2, count: 3)
            let point = try await servers.backUp(files)
            let line = Line(servers.intake, fault, at: call)
            let sent = try await servers.sender(line).send(
                servers.work(point), of: TwoServers.near, isRepeated: false, progress: { _ in })
            calls = line.seen.calls
            #expect(try await servers.replicas().map(\.id) == [sent.backup])
            #expect(try await servers.contents(of: sent.restorePoint) == files)
            #expect(try servers.target.restorePoints().count == 1, "and one restore point")
        }
        return (calls, calls < call)
    }

    @Test("bytes that change on the way are refused, and nothing is made of them")
    func flipped() async throws {
        try await TwoServers.with { servers in
            let point = try await servers.backUp(Self.files(3, count: 1))
            let line = Line(servers.intake, .flippedByte, at: 3)
            let failure = await #expect(throws: ReplicaFailure.self) {
                _ = try await servers.sender(line).send(
                    servers.work(point), of: TwoServers.near, isRepeated: false, progress: { _ in })
            }
            #expect(failure?.code == .refused && failure?.message.contains("not those it is named after") == true)
            #expect(try await servers.replicas().isEmpty)
            #expect(try servers.target.restorePoints().isEmpty)
        }
    }

    @Test("a region that stays away ends it after a bounded number of attempts")
    func away() async throws {
        try await TwoServers.with { servers in
            let point = try await servers.backUp(Self.files(4, count: 1))
            let line = DeadLine()
            let peer = Peer(
                region: TwoServers.region, endpoint: "http://localhost:1", certificateAuthorities: nil,
                bytesPerSecond: nil,
                pairings: [
                    .init(
                        local: TwoServers.near, remote: TwoServers.far, proof: .password(user: .id("u"), password: "p"))
                ])
            let sender = PeerSender(
                repository: servers.source,
                peers: PeerDirectory(
                    localRegion: "north-1", peers: [peer], seams: servers.seams, transports: { _ in (line, line) }),
                seams: servers.seams, logger: .silent)
            let failure = await #expect(throws: ReplicaFailure.self) {
                _ = try await sender.send(
                    servers.work(point), of: TwoServers.near, isRepeated: false, progress: { _ in })
            }
            #expect(failure?.code == .unreachable && line.calls == PeerSender.barrenMax)
        }
    }

    @Test("a project that is not paired, or is paired with another, sends nothing")
    func unpaired() async throws {
        try await TwoServers.with { servers in
            let point = try await servers.backUp(Self.files(5, count: 1))
            let line = Line(servers.intake)
            for project in [TwoServers.far, ProjectID("c")] {
                await #expect(throws: ReplicaFailure.self) {
                    _ = try await servers.sender(line).send(
                        servers.work(point), of: project, isRepeated: false, progress: { _ in })
                }
            }
            #expect(line.seen.calls == 0)
        }
    }
}
