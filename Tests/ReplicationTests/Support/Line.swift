import CBRClient
import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Synchronization

/// A line from a sender to an intake in the same process, which fails when a test says so.
final class Line: HTTPTransport {
    enum Fault: Sendable, Equatable {
        /// The request never arrives.
        case lostRequest
        /// It is carried out, and nobody hears of it.
        case lostAnswer
        /// The other side dies before it: its sessions are gone.
        case restart
        /// The bytes of chunks are others than those that were sent.
        case flippedByte
    }

    struct Counts: Sendable {
        var calls = 0
        var chunkBytes = 0
        var sessions: [String] = []
    }

    private let intake: ReplicaIntake
    private let fault: Fault?
    private let faultyCall: Int
    private let counts = Mutex(Counts())
    private let before: @Sendable (_ call: Int) async throws -> Void

    /// - Parameters:
    ///   - faultyCall: which of the calls to the intake fails, from 1.
    ///   - before: runs before each call.
    init(
        _ intake: ReplicaIntake, _ fault: Fault? = nil, at faultyCall: Int = 0,
        before: @escaping @Sendable (_ call: Int) async throws -> Void = { _ in }
    ) {
        self.before = before
        self.intake = intake
        self.fault = fault
        self.faultyCall = faultyCall
    }

    var seen: Counts { counts.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        guard request.url.path.contains("/replication/") else {
            let token = #"{"token":{"project":{"id":"\#(TwoServers.far)"},"catalog":[]}}"#
            return HTTPAnswer(status: 201, headers: ["x-subject-token": "t"], body: Data(token.utf8))
        }
        let (number, sessions) = counts.withLock { counts in
            counts.calls += 1
            return (counts.calls, counts.sessions)
        }
        try await before(number)
        var body = request.body ?? Data()
        if number == faultyCall {
            switch fault {
            case .lostRequest: throw Self.broken
            case .restart:
                for session in sessions { await intake.end(session: session, by: TwoServers.caller) }
            case .flippedByte: if request.url.path.hasSuffix("/chunks") { body[body.count - 1] ^= 1 }
            case .lostAnswer, nil: break
            }
        }
        let answer: HTTPAnswer
        do { answer = try await carryOut(request, body) } catch let error as ControlError {
            let (status, code) =
                switch error.code {
                case .operationNotFound: (404, "BackupService.6500")
                case .tooManyReplicas, .unavailable: (503, "BackupService.1006")
                default: (400, "BackupService.9900")
                }
            let said = ["error_code": code, "error_msg": error.message]
            return HTTPAnswer(status: status, body: try JSONEncoder().encode(said))
        }
        if number == faultyCall, fault == .lostAnswer { throw Self.broken }
        return answer
    }

    private static var broken: ClientError { ClientError(.serverUnreachable, "the line is broken") }

    private func carryOut(_ request: HTTPRequest, _ body: Data) async throws -> HTTPAnswer {
        let caller = TwoServers.caller
        let parts = request.url.path.split(separator: "/").map(String.init)
        // holdfast v1 PROJECT replication sessions [SESSION [WHAT [CHUNK]]]
        guard parts.count > 5 else {
            let answer = try await begin(body)
            if let id = answer.session?.id { counts.withLock { $0.sessions.append(id) } }
            var told: [String: [String: String]] = [:]
            told["replica"] = answer.present.map(Self.told)
            told["session"] = answer.session.map { session in
                var told = ["id": session.id, "naming_key": Hex.encode(session.namingKey)]
                told["basis_root"] = session.basisRoot.map { Hex.encode($0) }
                return told
            }
            return HTTPAnswer(status: 200, body: try JSONEncoder().encode(told))
        }
        let session = parts[5]
        switch (parts.count > 6 ? parts[6] : "", parts.count > 7) {
        case ("missing", _):
            return HTTPAnswer(
                status: 200, body: Data(try await intake.missing([UInt8](body), session: session, by: caller)))
        case ("chunks", false):
            counts.withLock { $0.chunkBytes += body.count }
            _ = try await intake.take([UInt8](body), session: session, by: caller)
            return HTTPAnswer(status: 200)
        case ("chunks", true):
            let id = [UInt8](Hex.decode(parts[7]) ?? [])
            return HTTPAnswer(status: 200, body: Data(try await intake.give(id, session: session, by: caller)))
        case ("finish", _):
            let end = try JSONDecoder().decode([String: End].self, from: body)["replica"]
            guard let end else { return HTTPAnswer(status: 400) }
            let present = try await intake.finish(end.value, session: session, by: caller)
            return HTTPAnswer(status: 200, body: try JSONEncoder().encode(["replica": Self.told(present)]))
        default:
            await intake.end(session: session, by: caller)
            return HTTPAnswer(status: 204)
        }
    }

    private static func told(_ present: ReplicaAnswer.Present) -> [String: String] {
        [
            "backup_id": present.backup.text, "checkpoint_id": present.checkpoint.text,
            "restore_point": present.restorePoint.text,
        ]
    }

    private struct End: Decodable {
        let root: String
        let image: Bool
        let logical_bytes: Int64
        let entry_count: Int64
        let warning_count: Int64

        var value: ReplicaEnd {
            ReplicaEnd(
                root: [UInt8](Hex.decode(root) ?? []), isImage: image, logicalBytes: logical_bytes,
                entryCount: entry_count, warningCount: warning_count)
        }
    }

    private struct Begin: Decodable {
        let vault_id: String
        let source_region: String
        let source_backup_id: String
        let source_checkpoint_id: String
        let basis: String?
        let repeated: Bool
        let image: Bool
    }

    private func begin(_ body: Data) async throws -> ReplicaAnswer {
        guard let asked = try JSONDecoder().decode([String: Begin].self, from: body)["replica"] else {
            throw ControlError(code: .invalid, message: "no replica")
        }
        let draft = ReplicaDraft(
            vault: VaultID(asked.vault_id),
            origin: .init(
                region: asked.source_region, backup: BackupID(asked.source_backup_id),
                checkpoint: CheckpointID(asked.source_checkpoint_id)),
            name: "name", description: "", checkpointName: "checkpoint", resource: ResourceID("share"),
            resourceName: "share", resourceType: .sharedFileSystem, isAutomatic: false, isIncremental: true,
            createdAt: .init(microseconds: 1_700_000_000_000_000))
        return try await intake.begin(
            draft, isImage: asked.image, basis: asked.basis.map { RestorePointID($0) }, isRepeated: asked.repeated,
            by: TwoServers.caller)
    }
}
