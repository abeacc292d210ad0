import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import CBRServer

/// Goal: every field of every answer is documented, typed as documented, and none that is required is missing.
/// Method: the story of a vault, each answer held against the interface's document.
@Suite("Answers have the documented shapes")
struct AnswerShapeTests {
    /// Fields that the interface documents for some answers with vaults and that we give in all of them.
    private static let vaultFields = [
        "backup_name_prefix", "cbc_delete_count", "demand_billing", "frozen", "updated_at", "version",
    ]

    static func ours(_ places: [String]) -> Set<String> {
        Set(places.flatMap { place in vaultFields.map { "\(place).\($0)" } })
    }

    private func check(
        _ reply: RawHTTP.Reply, _ operation: String, ours: Set<String> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let document = try InterfaceDocument()
        #expect(reply.status == (try document.operation(operation).status), sourceLocation: sourceLocation)
        let problems = try document.problems(with: reply.body, of: operation, ours: ours)
        #expect(problems == [], sourceLocation: sourceLocation)
    }

    @Test("vaults and their resources")
    func vaults() async throws {
        try await ServerBench.with { bench in
            let (one, two) = (try await bench.register("one"), try await bench.register("two"))
            let created = try await bench.call(
                "POST", "/vaults",
                """
                {"vault":{"name":"v","description":"d","resources":[],"threshold":70,"tags":[{"key":"k","value":"v"}],
                "bind_rules":{"tags":[{"key":"a","value":"b"}]},"backup_name_prefix":"p","enterprise_project_id":"0",
                "billing":{"consistent_level":"app_consistent","object_type":"disk","protect_type":"backup",
                "size":20,"is_multi_az":true}}}
                """)
            try check(created, "CreateVault", ours: Self.ours(["vault"]))
            let vault = "/vaults/" + (try created.text("vault.id"))
            let volume = { (id: String) in #"{"id":"\#(id)","type":"OS::Cinder::Volume"}"# }
            try check(
                try await bench.call(
                    "POST", vault + "/addresources", #"{"resources":[\#(volume(one)),\#(volume(two))]}"#),
                "AddVaultResource")
            try check(
                try await bench.call(
                    "PUT", vault + "/set-resources", #"{"action":"suspend","resource_ids":["\#(two)"]}"#),
                "SetVaultResource")
            try check(try await bench.call("GET", vault), "ShowVault", ours: Self.ours(["vault"]))
            try check(
                try await bench.call("PUT", vault, #"{"vault":{"name":"w","billing":{}}}"#), "UpdateVault",
                ours: Self.ours(["vault"]))
            try check(
                try await bench.call("GET", "/vaults"), "ListVault",
                ours: Self.ours(["vaults[]"]).union(["limit", "offset"]))
            try check(
                try await bench.call("POST", vault + "/removeresources", #"{"resource_ids":["\#(one)"]}"#),
                "RemoveVaultResource")
            try await bench.work()
            try check(try await bench.call("DELETE", vault, expecting: 204), "DeleteVault")
            try check(
                try await bench.call("GET", "/operation-logs"), "ListOpLogs",
                ours: ["operation_logs[].extra_info.holdfast", "limit", "offset"])
        }
    }

    @Test("restore points, backups, restores and operation logs, before and after the work")
    func backups() async throws {
        try await ServerBench.with { bench in
            let one = try await bench.register("one")
            let vault = try await bench.vault(with: [one])
            let made = try await bench.call(
                "POST", "/checkpoints",
                #"{"checkpoint":{"vault_id":"\#(vault)","parameters":{"name":"n","description":"d","resources":["\#(one)","x"]}}}"#
            )
            try check(made, "CreateCheckpoint")
            #expect(made.value("checkpoint.vault.skipped_resources", as: [Any].self)?.count == 1)
            let checkpoint = "/checkpoints/" + (try made.text("checkpoint.id"))
            let logFields: Set = ["extra_info.holdfast"]
            for isDone in [false, true] {
                if isDone { try await bench.work() }
                try check(try await bench.call("GET", checkpoint), "ShowCheckpoint")
                let list = try await bench.call("GET", "/backups")
                try check(list, "ListBackups", ours: ["limit", "offset", "backups[].members"])
                let backup = "/backups/" + (try list.text("backups.0.id"))
                try check(try await bench.call("GET", backup), "ShowBackup", ours: ["backup.members"])
                let logs = try await bench.call("GET", "/operation-logs")
                try check(
                    logs, "ListOpLogs",
                    ours: Set(logFields.map { "operation_logs[].\($0)" }).union(["limit", "offset"]))
                try check(
                    try await bench.call("GET", "/operation-logs/" + (try logs.text("operation_logs.0.id"))),
                    "ShowOpLog", ours: Set(logFields.map { "operation_log.\($0)" }))
            }
            let backup = "/backups/" + (try await bench.call("GET", "/backups").text("backups.0.id"))
            try check(
                try await bench.call("PUT", backup, #"{"backup":{"name":"renamed"}}"#), "UpdateBackup",
                ours: ["backup.members"])
            let restore = try await bench.call(
                "POST", backup + "/restore", #"{"restore":{"volume_id":"\#(one)"}}"#, expecting: 202)
            #expect(try restore.text("job_id").count == 36)
            try await bench.work()
            try check(try await bench.call("DELETE", backup, expecting: 204), "DeleteBackup")
            try await bench.work()
            for kind in ["backup", "restore", "delete"] {
                let logs = try await bench.call("GET", "/operation-logs?operation_type=" + kind)
                #expect(logs.value("operation_logs.0.status") == "success")
                try check(
                    logs, "ListOpLogs",
                    ours: Set(logFields.map { "operation_logs[].\($0)" }).union(["limit", "offset"]))
            }
        }
    }

    @Test("what can be protected, in a vault and out of one")
    func protectables() async throws {
        try await ServerBench.with { bench in
            let (one, two) = (try await bench.register("one"), try await bench.register("two"))
            _ = try await bench.vault(with: [one])
            for id in [one, two] {
                try check(
                    try await bench.call("GET", "/protectables/disk/instances/" + id), "ShowProtectable",
                    ours: Self.ours(["instance.protectable.vault"]))
            }
            try check(
                try await bench.call("GET", "/protectables/disk/instances"), "ListProtectable",
                ours: Self.ours(["instances[].protectable.vault"]).union(["count"]))
            for empty in ["server", "turbo", "workspace"] {
                let reply = try await bench.call("GET", "/protectables/\(empty)/instances")
                #expect(reply.value("count") == 0)
                #expect(reply.value("instances", as: [Any].self)?.isEmpty == true)
            }
        }
    }
}
