import Catalog
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Times, holds and moves answer as documented")
struct ProtectionRouteTests {
    @Test("new times of expiry, and their log")
    func times() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [try await bench.register("one")], size: 10)
            _ = try await bench.checkpoint(vault)
            try await bench.work()
            let path = "/vaults/\(vault)/update-backup-expiration-time"
            let reply = try await bench.call(
                "PUT", path, #"{"expect_expiration_date":"2099-01-01","time_zone":"UTC+08:00"}"#)
            #expect(try document.problems(with: reply.body, of: "UpdateExpirationTime").isEmpty)
            #expect(reply.value("affected_backups_count") == 1 && reply.value("new_expiration_day") == "2099-01-01")
            let log = try await bench.call("GET", "/operation-logs/\(reply.text("operation_log_id"))")
            let problems = try document.problems(with: log.body, of: "ShowOpLog").filter { !$0.contains("holdfast") }
            #expect(problems.isEmpty, "\(problems)")
            #expect(log.value("operation_log.extra_info.update_expiration_time.affected_backups_count") == 1)
            let backups = try await bench.call("GET", "/backups")
            #expect(backups.value("backups.0.expired_at") == "2099-01-01T16:00:00.000000")
            for body in [
                "{}", #"{"expect_expiration_date":"2099-01-01"}"#,
                #"{"expect_expiration_date":"2099-13-01","time_zone":"UTC+08:00"}"#,
                #"{"expect_expiration_date":"2099-01-01","time_zone":"Mars/Pole"}"#,
                #"{"expect_expiration_date":"9999-12-31","time_zone":"UTC+00:00"}"#,
            ] {
                #expect(
                    try await bench.call("PUT", path, body, expecting: 400).value("error_code") == "BackupService.9900")
            }
        }
    }

    @Test("a held backup says so, and its deletion is 400 with 6201; in a locked vault it is 6220")
    func holds() async throws {
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [try await bench.register("one")], size: 10)
            _ = try await bench.checkpoint(vault)
            try await bench.work()
            let backup = try await bench.call("GET", "/backups").text("backups.0.id")
            let hold = "/holdfast/v1/\(bench.admin.projectID)/backups/\(backup)/hold"
            #expect(try await bench.signed("GET", hold).value("hold", as: String.self) == nil)
            let held = try await bench.signed("PUT", hold, body: #"{"hold":{"reason":"case 7"}}"#)
            #expect(held.value("hold.reason") == "case 7")
            #expect(try await bench.signed("GET", hold).body == held.body)
            #expect(try await bench.signed("PUT", hold, body: #"{"hold":{"reason":""}}"#).status == 400)
            let refused = try await bench.call("DELETE", "/backups/\(backup)", expecting: 400)
            #expect(refused.value("error_code") == "BackupService.6201")
            #expect(
                try await bench.call("DELETE", "/vaults/\(vault)", expecting: 400).value("error_code")
                    == "BackupService.6111")
            #expect(try await bench.signed("DELETE", hold).status == 204)
            _ = try await bench.call("PUT", "/vaults/\(vault)", #"{"vault":{"locked":true}}"#)
            let locked = try await bench.call("DELETE", "/backups/\(backup)", expecting: 400)
            #expect(locked.value("error_code") == "BackupService.6220")
            let unlock = try await bench.call("PUT", "/vaults/\(vault)", #"{"vault":{"locked":false}}"#, expecting: 400)
            #expect(unlock.value("error_code") == "BackupService.6110")
        }
    }

    @Test("resources move, and have tags by which vaults take them in")
    func moves() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let one = try await bench.register("one")
            let source = try await bench.vault(with: [one], size: 10)
            let target = try await bench.vault(with: [], size: 10)
            let path = "/vaults/\(source)/migrateresources"
            let reply = try await bench.call(
                "POST", path, #"{"destination_vault_id":"\#(target)","resource_ids":["\#(one)"]}"#)
            #expect(try document.problems(with: reply.body, of: "MigrateVaultResource").isEmpty)
            #expect(reply.value("migrated_resources.0") == one)
            #expect(try await bench.call("GET", "/vaults/\(target)").value("vault.resources.0.id") == one)
            for body in ["{}", #"{"destination_vault_id":"\#(target)","resource_ids":[]}"#] {
                _ = try await bench.call("POST", path, body, expecting: 400)
            }
            let bind = #"{"vault":{"auto_bind":true,"bind_rules":{"tags":[{"key":"a","value":"b"}]}}}"#
            let bound = try await bench.call("PUT", "/vaults/\(source)", bind)
            #expect(bound.value("vault.bind_rules.tags.0.key") == "a")
            let two = try await bench.register("two")
            let resource = "/holdfast/v1/\(bench.admin.projectID)/resources/\(two)"
            let tagged = try await bench.signed(
                "PUT", resource, body: #"{"resource":{"tags":[{"key":"a","value":"b"}]}}"#)
            #expect(tagged.value("resource.vault_id") == source && tagged.value("resource.tags.0.value") == "b")
            #expect(
                try await bench.signed("PUT", resource, body: #"{"resource":{"tags":[{"key":"a=b"}]}}"#).status == 400)
        }
    }
}
