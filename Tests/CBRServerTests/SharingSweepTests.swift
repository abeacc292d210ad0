import Catalog
import Foundation
import HTTPTypes
import HoldfastCore
import TestSupport
import Testing

@testable import CBRServer

/// Goal: a shared backup opens nothing else of its owner's. Method: for every route with an id in its path, and every body
/// and list that can name one, the member asks with an id of the owner's and with one that nobody has: the answers must be
/// alike, but for the id, and 404 where a path names it.
@Suite("A member reaches nothing of the owner but the backup")
struct SharingSweepTests {
    enum Stage: CaseIterable { case pending, accepted, rejected, revoked }

    @Test("by any path", arguments: Stage.allCases)
    func paths(stage: Stage) async throws {
        try await TwoProjects.with { two in
            try await Self.bring(two, to: stage)
            var ids = two.owned
            // One that is not shared any more is as the others.
            if stage == .revoked { ids["backup_id"] = two.backup }
            var swept: Set<String> = []
            for route in two.bench.routes where route.access == .project {
                let names = route.parts.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
                let asked = names.filter { $0 != "project_id" && $0 != "protectable_type" }
                // Features and orders are nobody's; organization policies belong to the domain.
                guard !asked.isEmpty, Set(asked).isDisjoint(with: Self.notProjects) else { continue }
                #expect(asked.allSatisfy { ids[$0] != nil }, "\(route.template) names what this test does not know")
                let body = Self.bodies[route.operation] ?? ""
                let real = try await Self.call(two, route, ids, body)
                let unknown = try await Self.call(two, route, Self.unknown(ids), body)
                #expect(real == unknown, "\(route.operation)")
                #expect(real.hasPrefix("404 "), "\(route.operation): \(real)")
                swept.insert(route.operation)
            }
            #expect(Set(Self.bodies.keys).isSubset(of: swept), "\(Set(Self.bodies.keys).subtracting(swept))")
            // The owner still has all of it.
            _ = try await two.bench.call("GET", "/vaults/" + (two.owned["vault_id"] ?? ""))
            #expect(try await two.bench.call("GET", "/backups").value("count") == 2)
        }
    }

    @Test("by any id in a body", arguments: Stage.allCases)
    func bodies(stage: Stage) async throws {
        try await TwoProjects.with { two in
            try await Self.bring(two, to: stage)
            let own = two.memberVault
            let disk = try await two.bench.signed(
                "POST", "/holdfast/v1/\(two.member)/resources",
                body: #"{"resource":{"name":"d","type":"OS::Cinder::Volume","location":"file:///images/d.raw"}}"#
            ).text("resource.id")
            _ = try await two.asMember(
                "POST", "/vaults/\(own)/addresources", #"{"resources":[{"id":"\#(disk)","type":"OS::Cinder::Volume"}]}"#
            )
            let calls: [(String, String, String)] = [
                (
                    "/vaults/\(own)/addresources", "resource_id",
                    #"{"resources":[{"id":"ID","type":"OS::Cinder::Volume"}]}"#
                ),
                ("/vaults/\(own)/removeresources", "resource_id", #"{"resource_ids":["ID"]}"#),
                ("/vaults/\(own)/associatepolicy", "policy_id", #"{"policy_id":"ID"}"#),
                ("/vaults/\(own)/dissociatepolicy", "policy_id", #"{"policy_id":"ID"}"#),
                (
                    "/vaults/\(own)/migrateresources", "vault_id",
                    #"{"destination_vault_id":"ID","resource_ids":["\#(disk)"]}"#
                ),
                ("/checkpoints", "vault_id", #"{"checkpoint":{"vault_id":"ID"}}"#),
                (
                    "/checkpoints", "resource_id",
                    #"{"checkpoint":{"vault_id":"\#(own)","parameters":{"resources":["ID"]}}}"#
                ),
                ("/checkpoints/sync", "vault_id", #"{"sync":{"vault_id":"ID","auto_trigger":false}}"#),
                (
                    "/checkpoints/replicate", "vault_id",
                    #"{"replicate":{"vault_id":"ID","destination_project_id":"p","destination_region":"r","destination_vault_id":"v"}}"#
                ),
                (
                    "/agent/check", "resource_id",
                    #"{"agent_status":[{"resource_id":"ID","resource_type":"OS::Cinder::Volume"}]}"#
                ),
                ("/backups/\(two.backup)/restore", "resource_id", #"{"restore":{"volume_id":"ID"}}"#),
            ]
            for (path, name, body) in calls {
                var answers: [String] = []
                for id in [two.owned[name] ?? "", TwoProjects.nowhere] {
                    let reply = try await two.asMember("POST", path, body.replacing("ID", with: id))
                    answers.append(Self.text(reply, without: [id]))
                }
                #expect(answers[0] == answers[1], "\(path)")
                #expect(path == "/agent/check" || answers[0].hasPrefix("4"), "\(path): \(answers[0])")
            }
            let vault = try #require(two.owned["vault_id"])
            for id in [vault, TwoProjects.nowhere] where stage != .revoked {
                let reply = try await two.asMember(
                    "PUT", "/backups/\(two.backup)/members/\(two.member)", #"{"status":"accepted","vault_id":"\#(id)"}"#
                )
                #expect(reply.status == 404 && reply.value("error_code") == "BackupService.6105")
            }
        }
    }

    @Test("by any list", arguments: Stage.allCases)
    func lists(stage: Stage) async throws {
        try await TwoProjects.with { two in
            try await Self.bring(two, to: stage)
            for (list, names) in [
                ("/v3/P/vaults?", ["id=vault_id", "resource_ids=resource_id", "policy_id=policy_id"]),
                (
                    "/v3/P/backups?own_type=all_granted&",
                    ["id=backup_id", "vault_id=vault_id", "checkpoint_id=checkpoint_id", "parent_id=backup_id"]
                ),
                ("/v3/P/backups?", ["id=backup_id", "resource_id=resource_id", "checkpoint_id=checkpoint_id"]),
                (
                    "/v3/P/operation-logs?",
                    ["vault_id=vault_id", "resource_id=resource_id", "checkpoint_id=checkpoint_id"]
                ),
                ("/v3/P/policies?", ["vault_id=vault_id"]), ("/v3/P/agents?", ["agent_id=agent_id"]),
                ("/v3/P/storage_usage?", ["resource_id=resource_id"]),
                ("/holdfast/v1/P/events?", ["vault_id=vault_id"]),
            ] {
                for pair in names.map({ $0.split(separator: "=").map(String.init) }) {
                    var answers: [String] = []
                    for id in [two.owned[pair[1]] ?? "", TwoProjects.nowhere] {
                        let target = list.replacing("P", with: two.member) + pair[0] + "=" + id
                        answers.append(Self.text(try await two.bench.signed("GET", target), without: [id]))
                    }
                    #expect(answers[0] == answers[1], "\(list)\(pair[0])")
                    #expect(answers[0].hasPrefix("200 "), "\(list)\(pair[0]): \(answers[0])")
                }
            }
        }
    }

    private static func bring(_ two: TwoProjects, to stage: Stage) async throws {
        try await two.share()
        switch stage {
        case .pending: break
        case .accepted: #expect(try await two.answer("accepted").status == 200)
        case .rejected: #expect(try await two.answer("rejected").status == 200)
        case .revoked:
            #expect(try await two.answer("accepted").status == 200)
            try await two.unshare()
        }
    }

    private static func unknown(_ ids: [String: String]) -> [String: String] {
        ids.mapValues { _ in TwoProjects.nowhere }.merging(["protectable_type": "disk"]) { $1 }
    }

    private static func call(_ two: TwoProjects, _ route: Route, _ ids: [String: String], _ body: String) async throws
        -> String
    {
        var target = route.template.replacing("{project_id}", with: two.member)
        for (name, id) in ids { target = target.replacing("{\(name)}", with: id) }
        let reply = try await two.bench.signed(route.method.rawValue, target, body: body)
        return text(reply, without: Array(ids.values))
    }

    /// Status and body, the ids made one.
    private static func text(_ reply: RawHTTP.Reply, without ids: [String]) -> String {
        let body = ids.reduce(String(decoding: reply.body, as: UTF8.self)) { $0.replacing($1, with: "ID") }
        return "\(reply.status) \(body)"
    }

    private static let notProjects: Set<String> = ["feature_key", "order_id", "organization_policy_id", "session_id"]

    /// A body that is right, so that it is the id that is refused.
    private static let bodies: [String: String] = [
        "UpdateAgent": #"{"agent":{"status":"uninstall"}}"#, "AddAgentPath": #"{"add_path":["/a"]}"#,
        "RemoveAgentPath": #"{"remove_path":["/a"]}"#, "UpdateBackup": #"{"backup":{"name":"n"}}"#,
        "AddMember": #"{"members":["p"]}"#, "UpdateMemberStatus": #"{"status":"rejected"}"#,
        "CopyBackup":
            #"{"replicate":{"destination_project_id":"p","destination_region":"r","destination_vault_id":"v"}}"#,
        "RestoreBackup": #"{"restore":{"volume_id":"x"}}"#, "UpdatePolicy": #"{"policy":{"name":"n"}}"#,
        "CreateVaultTags": #"{"tag":{"key":"k","value":"v"}}"#,
        "BatchCreateAndDeleteVaultTags": #"{"action":"create","tags":[{"key":"k","value":"v"}]}"#,
        "UpdateVault": #"{"vault":{"name":"n","billing":{}}}"#,
        "AddVaultResource": #"{"resources":[{"id":"x","type":"OS::Cinder::Volume"}]}"#,
        "AssociateVaultPolicy": #"{"policy_id":"x"}"#, "DisassociateVaultPolicy": #"{"policy_id":"x"}"#,
        "MigrateVaultResource": #"{"destination_vault_id":"x","resource_ids":["x"]}"#,
        "RemoveVaultResource": #"{"resource_ids":["x"]}"#,
        "SetVaultResource": #"{"action":"suspend","resource_ids":["x"]}"#,
        "UpdateExpirationTime": #"{"expect_expiration_date":"2099-01-01","time_zone":"UTC+08:00"}"#,
        "HoldBackup": #"{"hold":{"reason":"r"}}"#,
        "PreviewPolicyChange": #"{"policy":{"operation_definition":{"max_backups":1}}}"#,
        "UpdateResource": #"{"resource":{"name":"n"}}"#,
    ]
}
