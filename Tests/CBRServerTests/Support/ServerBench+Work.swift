import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

extension ServerBench {
    struct Missing: Error { let path: String }

    /// Calls the API as the administrator, and expects a status.
    func call(
        _ method: String, _ path: String, _ body: String = "", expecting status: Int = 200,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> RawHTTP.Reply {
        let reply = try await signed(method, "/v3/\(admin.projectID)" + path, body: body)
        #expect(
            reply.status == status, "\(String(decoding: reply.body, as: UTF8.self))", sourceLocation: sourceLocation)
        return reply
    }

    func register(_ name: String, type: String = "OS::Cinder::Volume") async throws -> String {
        let reply = try await signed(
            "POST", "/holdfast/v1/\(admin.projectID)/resources",
            body: #"{"resource":{"name":"\#(name)","type":"\#(type)","location":"file:///images/\#(name).raw"}}"#)
        return try reply.text("resource.id")
    }

    /// A vault with resources in it.
    func vault(
        _ name: String = "vault", type: String = "OS::Cinder::Volume", objectType: String = "disk",
        with resources: [String] = [], size: Int = 100
    ) async throws -> String {
        let listed = resources.map { #"{"id":"\#($0)","type":"\#(type)"}"# }.joined(separator: ",")
        let body = """
            {"vault":{"name":"\(name)","resources":[\(listed)],"billing":{"consistent_level":"crash_consistent",\
            "object_type":"\(objectType)","protect_type":"backup","size":\(size)}}}
            """
        return try await call("POST", "/vaults", body).text("vault.id")
    }

    /// A restore point of a vault.
    func checkpoint(_ vault: String, _ parameters: String = "{}") async throws -> String {
        try await call("POST", "/checkpoints", #"{"checkpoint":{"vault_id":"\#(vault)","parameters":\#(parameters)}}"#)
            .text("checkpoint.id")
    }

    /// Does all that is queued as an engine would, without one.
    func work(storedBytes: Int64 = 3 << 20, logicalBytes: Int64 = 5 << 30, failing: Bool = false) async throws {
        let lease = Duration.seconds(60)
        while let leased = try await control.leaseOperation(worker: "test", for: lease) {
            guard !failing else {
                try await control.failOperation(leased, .init(code: .sourceUnreachable, message: "it is gone"))
                continue
            }
            switch leased.work {
            case .backUp:
                var details = OperationDetails()
                details.storedBytes = storedBytes
                details.warningCount = 1
                details.warnings = [OperationWarning(path: "a", reason: "changed", message: "it changed")]
                try await control.completeOperation(
                    leased,
                    .backedUp(
                        BackupResult(
                            restorePoint: RestorePointID(String(repeating: "0a", count: 32)), parent: nil,
                            storedBytes: storedBytes, logicalBytes: logicalBytes, details: details)))
            case .restore: try await control.completeOperation(leased, .restored(OperationDetails()))
            case .remove(let doomed):
                for backup in doomed {
                    try await control.noteForgotten(backup.backup, by: leased, progressPercent: 50, for: lease)
                }
                try await control.completeOperation(leased, .removed)
            case .replicate:
                try await control.completeOperation(
                    leased,
                    .replicated(
                        ReplicationResult(
                            backup: BackupID("far-backup"), checkpoint: CheckpointID("far-checkpoint"),
                            restorePoint: RestorePointID("far-point"), details: OperationDetails())))
            case .importBackups:
                var details = OperationDetails()
                (details.importedCount, details.refusedCount) = (2, 1)
                try await control.completeOperation(leased, .imported(details))
            }
        }
    }
}

extension RawHTTP.Reply {
    /// A text inside the body, which must be there.
    func text(_ path: String) throws -> String {
        guard let text = value(path, as: String.self) else {
            throw ServerBench.Missing(path: "\(path) in \(status) \(String(decoding: body, as: UTF8.self))")
        }
        return text
    }

    /// A number inside the body, which must be there.
    func number(_ path: String) throws -> Int {
        guard let number = value(path, as: Int.self) else {
            throw ServerBench.Missing(path: "\(path) in \(status) \(String(decoding: body, as: UTF8.self))")
        }
        return number
    }
}
