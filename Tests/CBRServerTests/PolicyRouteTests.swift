import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Policy calls answer as documented")
struct PolicyRouteTests {
    private static let daily = #""trigger":{"properties":{"pattern":["FREQ=DAILY;INTERVAL=1;BYHOUR=6;BYMINUTE=00"]}}"#
    private static let ours: Set<String> = ["policy.policy_type"]

    private func create(
        _ bench: ServerBench, _ name: String = "p", kind: String = "backup", _ definition: String = "{}"
    )
        async throws -> RawHTTP.Reply
    {
        try await bench.call(
            "POST", "/policies",
            #"{"policy":{"name":"\#(name)","operation_type":"\#(kind)","operation_definition":\#(definition),\#(Self.daily)}}"#
        )
    }

    @Test("a policy is made, shown, listed, changed and removed, and comes back as it was given")
    func story() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let made = try await create(
                bench, "long",
                """
                {"max_backups":15,"day_backups":10,"week_backups":10,"month_backups":10,"year_backups":10,
                "timezone":"UTC+08:00","full_backup_interval":-1,"cross_account_urn":"urn:x"}
                """)
            #expect(try document.problems(with: made.body, of: "CreatePolicy") == [])
            let path = "/policies/" + (try made.text("policy.id"))
            #expect(made.value("policy.trigger.properties.pattern.0") == "FREQ=DAILY;INTERVAL=1;BYHOUR=6;BYMINUTE=00")
            #expect(made.value("policy.operation_definition.full_backup_interval") == -1)
            #expect(made.value("policy.operation_definition.cross_account_urn") == "urn:x")
            #expect(made.value("policy.operation_definition.retention_duration_days", as: Int.self) == nil)
            let shown = try await bench.call("GET", path)
            #expect(shown.body == made.body)
            // What is not named stays.
            let same = try await bench.call("PUT", path, #"{"policy":{}}"#)
            #expect(try document.problems(with: same.body, of: "UpdatePolicy") == [])
            #expect(same.body == made.body)
            let changed = try await bench.call(
                "PUT", path,
                #"""
                {"policy":{"name":"other","enabled":false,"operation_definition":{"max_backups":-1,"retention_duration_days":-1},
                "trigger":{"properties":{"pattern":["FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=14;BYMINUTE=00"],"start_window_minutes":60}}}}
                """#)
            #expect(changed.value("policy.enabled") == false)
            #expect(changed.value("policy.operation_definition.retention_duration_days") == -1)
            #expect(changed.value("policy.operation_definition.day_backups", as: Int.self) == nil)
            #expect(changed.value("policy.trigger.properties.start_window_minutes") == 60)
            let cleared = try await bench.call(
                "PUT", path,
                #"{"policy":{"trigger":{"properties":{"pattern":["FREQ=DAILY;BYHOUR=1;BYMINUTE=0"],"start_window_minutes":null,"holdfast_time_zone":null}}}}"#
            )
            #expect(cleared.value("policy.trigger.properties.start_window_minutes", as: Int.self) == nil)
            let listed = try await bench.call("GET", "/policies")
            #expect(try document.problems(with: listed.body, of: "ListPolicies") == [])
            #expect(listed.value("count") == 1)
            _ = try await bench.call("DELETE", path, expecting: 204)
            let gone = try await bench.call("GET", path, expecting: 404)
            #expect(gone.value("error_code") == "BackupService.6000")
        }
    }

    @Test("one policy of each kind holds for a vault, and lists find it both ways")
    func binding() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with(peers: OtherRegion()) { bench in
            let vault = try await bench.vault()
            let policy = try await create(bench).text("policy.id")
            let other = try await create(bench, "other").text("policy.id")
            let bound = try await bench.call(
                "POST", "/vaults/\(vault)/associatepolicy", #"{"policy_id":"\#(policy)"}"#)
            #expect(try document.problems(with: bound.body, of: "AssociateVaultPolicy") == [])
            _ = try await bench.call("POST", "/vaults/\(vault)/associatepolicy", #"{"add_policy_ids":["\#(policy)"]}"#)
            let second = try await bench.call(
                "POST", "/vaults/\(vault)/associatepolicy", #"{"policy_id":"\#(other)"}"#, expecting: 400)
            #expect(second.value("error_code") == "BackupService.6127")
            for (query, count) in [(vault, 1), ("nothing", 0)] {
                #expect(try await bench.call("GET", "/policies?vault_id=\(query)").value("count") == count)
            }
            for (query, count) in [(policy, 1), (other, 0), ("nothing", 0)] {
                #expect(try await bench.call("GET", "/vaults?policy_id=\(query)").value("count") == count)
            }
            let shown = try await bench.call("GET", "/policies/\(policy)")
            #expect(shown.value("policy.associated_vaults.0.vault_id") == vault)
            let replication = try await create(
                bench, "r", kind: "replication",
                #"{"destination_region":"\#(OtherRegion.region)","destination_project_id":"\#(OtherRegion.project)"}"#
            ).text("policy.id")
            let lacking = try await bench.call(
                "POST", "/vaults/\(vault)/associatepolicy", #"{"policy_id":"\#(replication)"}"#, expecting: 400)
            #expect(String(decoding: lacking.body, as: UTF8.self).contains("destination_vault_id"))
            let missing = try await bench.call(
                "POST", "/vaults/\(vault)/associatepolicy",
                #"{"policy_id":"\#(replication)","destination_vault_id":"nowhere"}"#, expecting: 400)
            #expect(missing.value("error_code") == "BackupService.6120")
            _ = try await bench.call(
                "POST", "/vaults/\(vault)/associatepolicy",
                #"{"policy_id":"\#(replication)","destination_vault_id":"\#(OtherRegion.vault)"}"#)
            let fixed = try await bench.call(
                "PUT", "/policies/\(replication)",
                #"{"policy":{"operation_definition":{"destination_region":"x","destination_project_id":"y"}}}"#,
                expecting: 400)
            #expect(fixed.value("error_code") == "BackupService.6003")
            let freed = try await bench.call(
                "POST", "/vaults/\(vault)/dissociatepolicy", #"{"policy_id":"\#(policy)"}"#)
            #expect(try document.problems(with: freed.body, of: "DisassociateVaultPolicy") == [])
            let again = try await bench.call(
                "POST", "/vaults/\(vault)/dissociatepolicy", #"{"policy_id":"\#(policy)"}"#, expecting: 404)
            #expect(again.value("error_code") == "BackupService.6002")
            // A vault goes with its policies, and a policy leaves its vaults.
            _ = try await bench.call("DELETE", "/policies/\(replication)", expecting: 204)
            _ = try await bench.call("DELETE", "/vaults/\(vault)", expecting: 204)
            try await bench.work()
            #expect(try await bench.call("GET", "/vaults").value("count") == 0)
        }
    }

    @Test("two policies of both kinds are bound in one call, and the answer names the vault there")
    func bothKinds() async throws {
        try await ServerBench.with(peers: OtherRegion()) { bench in
            let vault = try await bench.vault()
            let local = try await create(bench).text("policy.id")
            let away = try await create(
                bench, "r", kind: "replication",
                #"{"destination_region":"\#(OtherRegion.region)","destination_project_id":"\#(OtherRegion.project)"}"#
            ).text("policy.id")
            let bound = try await bench.call(
                "POST", "/vaults/\(vault)/associatepolicy",
                #"{"add_policy_ids":["\#(local)","\#(away)"],"destination_vault_id":"\#(OtherRegion.vault)"}"#)
            #expect(bound.value("associate_policy.policy_id") == local)
            #expect(bound.value("associate_policy.destination_vault_id") == "\(OtherRegion.vault)")
            let shown = try await bench.call("GET", "/policies/\(local)")
            #expect(shown.value("policy.associated_vaults.0.destination_vault_id", as: String.self) == nil)
            let refused = try await bench.call(
                "POST", "/vaults/\(vault)/associatepolicy",
                #"{"policy_id":"\#(local)","destination_vault_id":"\#(OtherRegion.vault)"}"#, expecting: 400)
            #expect(try refused.text("error_msg").contains("destination_vault_id"))
        }
    }

    @Test("a preview says what stays and goes, and what the policy's own rules say")
    func preview() async throws {
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [try await bench.register("one")])
            let policy = try await create(bench, "p", #"{"max_backups":1}"#).text("policy.id")
            _ = try await bench.call("POST", "/vaults/\(vault)/associatepolicy", #"{"policy_id":"\#(policy)"}"#)
            for _ in 0..<2 {
                _ = try await bench.call(
                    "POST", "/checkpoints",
                    #"{"checkpoint":{"vault_id":"\#(vault)","parameters":{"auto_trigger":true}}}"#)
                try await bench.work()
            }
            let path = "/holdfast/v1/\(bench.admin.projectID)/policies/\(policy)/preview"
            let found = try await bench.signed("GET", path)
            #expect(found.value("preview.vaults.0.keep") == 1 && found.value("preview.vaults.0.expire") == 1)
            let (stays, goes) = ("preview.vaults.0.backups.0", "preview.vaults.0.backups.1")
            #expect(found.value(stays + ".keep") == true && found.value(stays + ".keep_by_rules") == true)
            #expect(found.value(stays + ".reasons.0") == "number 1 of the newest")
            #expect(
                found.value(goes + ".keep") == false && found.value(goes + ".reasons.0") == "not among the 1 newest")
            let held = try found.text(goes + ".backup_id")
            _ = try await bench.signed(
                "PUT", "/holdfast/v1/\(bench.admin.projectID)/backups/\(held)/hold",
                body: #"{"hold":{"reason":"trial"}}"#)
            let after = try await bench.signed("GET", path)
            #expect(after.value("preview.vaults.0.expire") == 0)
            #expect(after.value(goes + ".reasons.0") == "under a legal hold (trial)")
            #expect(after.value(goes + ".keep_by_rules") == false)
            #expect(after.value(goes + ".rule_reasons.0") == "not among the 1 newest")
        }
    }

    @Test("32 policies of each kind are the limit")
    func limit() async throws {
        try await ServerBench.with { bench in
            for number in 0..<32 { _ = try await create(bench, "p\(number)") }
            let body = #"{"policy":{"name":"x","operation_type":"backup","operation_definition":{},\#(Self.daily)}}"#
            let refused = try await bench.call("POST", "/policies", body, expecting: 400)
            #expect(refused.value("error_code") == "BackupService.6001")
        }
    }

    @Test(
        "what can't be is refused, and the field is named",
        arguments: [
            (#""name":"a b""#, "name"), (#""name":"""#, "name"), (#""operation_type":"copy""#, "operation_type"),
            (#""operation_definition":{"max_backups":-2}"#, "max_backups"),
            (#""operation_definition":{"retention_duration_days":0}"#, "retention_duration_days"),
            (#""operation_definition":{"day_backups":1}"#, "timezone"),
            (#""operation_definition":{"day_backups":1,"timezone":"UTC+8"}"#, "timezone"),
            (#""operation_definition":{"day_backups":1,"timezone":"Europe/Berlin"}"#, "timezone"),
            (#""operation_definition":{"timezone":"UTC"}"#, "timezone"),
            (#""operation_definition":{"timezone":"UTC+8:00"}"#, "timezone"),
            (
                #""operation_definition":{"advanced_retention_rules":{"weekly_retention_rules":{"days_of_week":["x"]}}}"#,
                "weekly_retention_rules.days_of_week"
            ),
            (
                #""operation_definition":{"advanced_retention_rules":{"yearly_retention_rules":{"retention_months":["x"],"retention_duration_periods":-1}}}"#,
                "yearly_retention_rules.retention_months"
            ),
            (
                #""operation_definition":{"advanced_retention_rules":{"monthly_retention_rules":{"retention_weeks":["x"]}}}"#,
                "monthly_retention_rules.retention_weeks"
            ),
            (
                #""operation_definition":{"day_backups":1,"timezone":"UTC+08:00","retention_duration_days":3}"#,
                "retention_duration_days"
            ),
            (#""operation_definition":{"full_backup_interval":101}"#, "full_backup_interval"),
            (
                #""operation_definition":{"advanced_retention_rules":{"weekly_retention_rules":{"days_of_week":["x"],"retention_duration_periods":1}}}"#,
                "days_of_week"
            ),
            (
                #""operation_definition":{"advanced_retention_rules":{"monthly_retention_rules":{"retention_type":"Monthly","retention_duration_periods":1}}}"#,
                "days_of_month"
            ),
            (#""operation_type":"replication""#, "destination_region"),
            (#""trigger":{"properties":{"pattern":[]}}"#, "pattern"), (#""trigger":{"properties":{}}"#, "pattern"),
            (#""trigger":{"properties":{"pattern":["FREQ=DAILY;BYHOUR=1;BYMINUTE=0,30"]}}"#, "pattern[0]"),
            (
                #""trigger":{"properties":{"pattern":["FREQ=DAILY;BYHOUR=1;BYMINUTE=0"],"start_window_minutes":59}}"#,
                "start_window_minutes"
            ),
            (
                #""trigger":{"properties":{"pattern":["FREQ=DAILY;BYHOUR=1;BYMINUTE=0"],"holdfast_time_zone":"Europe/Berlin"}}"#,
                "holdfast_time_zone"
            ),
        ])
    func refused(part: String, field: String) async throws {
        try await ServerBench.with { bench in
            // The last of two members with one name counts.
            let whole = #""name":"p","operation_type":"backup","operation_definition":{},\#(Self.daily)"#
            let name = part.split(separator: "\"")[0]
            let rest = whole.contains("\"\(name)\":") ? without(String(name), whole) : whole
            let reply = try await bench.call("POST", "/policies", "{\"policy\":{\(rest)\(part)}}", expecting: 400)
            let said = String(decoding: reply.body, as: UTF8.self)
            #expect(said.contains(field), "\(said)")
        }
    }

    private func without(_ name: String, _ whole: String) -> String {
        let parts = [
            "name": #""name":"p","#, "operation_type": #""operation_type":"backup","#,
            "operation_definition": #""operation_definition":{},"#, "trigger": Self.daily,
        ]
        let removed = whole.replacing(parts[name] ?? "", with: "")
        return removed.hasSuffix(",") ? removed : removed + ","
    }
}
