import Catalog
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

/// A server with a project that has one of everything, a second project, and a third; the administrator has its role in all.
struct TwoProjects: Sendable {
    static let nowhere = "00000000-0000-4000-8000-000000000000"

    let bench: ServerBench
    let member: String
    let third: String
    /// A vault of the member's.
    let memberVault: String
    /// What the owner has, by the names that paths have for it. The backup is one that is never shared; the restore point,
    /// the log and the resource are those of the one that may be.
    let owned: [String: String]
    /// The backup that may be shared.
    let backup: String

    static func with(_ body: @escaping @Sendable (TwoProjects) async throws -> Void) async throws {
        try await ServerBench.with { bench in try await body(TwoProjects(bench)) }
    }

    private init(_ bench: ServerBench) async throws {
        self.bench = bench
        let user = UserID(try await bench.login().text("token.user.id"))
        var projects: [String] = []
        for name in ["member", "third"] {
            let made = try await bench.identity.createProject(name: name, in: DomainID(bench.admin.domainID))
            try await bench.identity.grant(.admin, to: user, in: made.id)
            projects.append(made.id.text)
        }
        (member, third) = (projects[0], projects[1])
        let (one, two) = (try await bench.register("one"), try await bench.register("two"))
        let vault = try await bench.vault(with: [one, two])
        let checkpoint = try await bench.checkpoint(vault)
        try await bench.work()
        let backups = try await bench.call("GET", "/backups?sort=id")
        backup = try backups.text("backups.0.id")
        let log = try await bench.call("GET", "/operation-logs?backup_id=" + backup)
        let policy = try await bench.call(
            "POST", "/policies",
            #"{"policy":{"name":"p","operation_type":"backup","operation_definition":{"max_backups":3},"trigger":"#
                + #"{"properties":{"pattern":["FREQ=DAILY;INTERVAL=1;BYHOUR=2;BYMINUTE=00"]}}}}"#)
        _ = try await bench.call(
            "POST", "/vault/\(vault)/tags", #"{"tag":{"key":"stage","value":"x"}}"#, expecting: 204)
        let agent = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
        _ = try await bench.call(
            "POST", "/agents",
            #"{"agent":{"agent_id":"\#(agent)","host_ip":"192.0.2.1","host_name":"h","host_os":"o"}}"#)
        owned = [
            "vault_id": vault, "backup_id": try backups.text("backups.1.id"), "checkpoint_id": checkpoint,
            "operation_log_id": try log.text("operation_logs.0.id"), "policy_id": try policy.text("policy.id"),
            "resource_id": try backups.text("backups.0.resource_id"),
            "instance_id": try backups.text("backups.0.resource_id"), "agent_id": agent, "key": "stage",
            "member_id": member, "protectable_type": "disk",
        ]
        memberVault = try await Self.makeVault(bench, member)
    }

    private static func makeVault(_ bench: ServerBench, _ project: String) async throws -> String {
        try await bench.signed(
            "POST", "/v3/\(project)/vaults",
            body: #"{"vault":{"name":"theirs","resources":[],"billing":{"consistent_level":"crash_consistent","#
                + #""object_type":"disk","protect_type":"backup","size":10}}}"#
        ).text("vault.id")
    }

    /// Calls as the second project.
    func asMember(_ method: String, _ path: String, _ body: String = "") async throws -> RawHTTP.Reply {
        try await bench.signed(method, "/v3/\(member)" + path, body: body)
    }

    func share() async throws {
        _ = try await bench.call("POST", "/backups/\(backup)/members", #"{"members":["\#(member)"]}"#)
    }

    func answer(_ status: String) async throws -> RawHTTP.Reply {
        try await asMember(
            "PUT", "/backups/\(backup)/members/\(member)", #"{"status":"\#(status)","vault_id":"\#(memberVault)"}"#)
    }

    func unshare() async throws {
        _ = try await bench.call("DELETE", "/backups/\(backup)/members/\(member)", expecting: 204)
    }
}
