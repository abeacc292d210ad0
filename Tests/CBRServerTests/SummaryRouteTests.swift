import Catalog
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Summaries, features, orders and domains answer as documented")
struct SummaryRouteTests {
    @Test("summary, usage per resource, alerts of all vaults, and events")
    func summaries() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [try await bench.register("one")], size: 10)
            _ = try await bench.checkpoint(vault)
            try await bench.work()
            let summary = try await bench.call("GET", "/vaults/summary")
            #expect(try document.problems(with: summary.body, of: "ShowSummary").isEmpty)
            #expect(summary.value("size") == 10 && summary.value("used_size") == 3)
            let usage = try await bench.call("GET", "/storage_usage?resource_type=OS::Cinder::Volume")
            #expect(try document.problems(with: usage.body, of: "ShowStorageUsage").isEmpty)
            #expect(usage.value("resource_count") == 1 && usage.value("storage_usage.0.backup_size") == 3)
            #expect(try await bench.call("GET", "/storage_usage?resource_id=x").value("resource_count") == 0)
            _ = try await bench.call("GET", "/storage_usage?resource_type=tape", expecting: 400)
            _ = try await bench.call("GET", "/storage_usage?limit=0", expecting: 400)

            let update = try await bench.call(
                "PUT", "/vaults/batch-update", #"{"vault":{"smn_notify":true,"threshold":1}}"#)
            #expect(try document.problems(with: update.body, of: "BatchUpdateVault").isEmpty)
            #expect(update.value("updated_vaults_id.0") == vault)
            #expect(try await bench.call("GET", "/vaults/\(vault)").value("vault.threshold") == 1)
            for body in ["{}", #"{"vault":{"threshold":0}}"#, #"{"vault":{"smn_notify":"true"}}"#] {
                _ = try await bench.call("PUT", "/vaults/batch-update", body, expecting: 400)
            }
            let before = try await bench.call("GET", "/vaults/\(vault)")
            let nothing = try await bench.call("PUT", "/vaults/batch-update", #"{"vault":{}}"#)
            #expect(try document.problems(with: nothing.body, of: "BatchUpdateVault").isEmpty)
            #expect(nothing.value("updated_vaults_id", as: [String].self) == [])
            #expect(try await bench.call("GET", "/vaults/\(vault)").body == before.body)
            _ = try await bench.checkpoint(vault)
            try await bench.work(storedBytes: 1 << 30)
            let events = try await bench.signed("GET", "/holdfast/v1/\(bench.admin.projectID)/events?vault_id=\(vault)")
            #expect(events.value("events.0.kind") == "threshold_reached" && events.value("count") == 1)
        }
    }

    @Test("features are those of the routes, and an unknown one is 400")
    func features() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let all = try await bench.call("GET", "/cbr-features")
            #expect(try document.problems(with: all.body, of: "ListFeatures").isEmpty)
            let offered = Set(bench.routes.map(\.operation))
            #expect(
                try await bench.call("GET", "/cbr-features/policies").value("policies")
                    == offered.contains("CreatePolicy"))
            #expect(
                try await bench.call("GET", "/cbr-features/vault.tags").value("vault\u{2E}tags", as: Bool.self) == nil)
            let unknown = try await bench.call("GET", "/cbr-features/x", expecting: 400)
            #expect(unknown.value("error_code") == "BackupService.9900")
            let page = try await bench.call("GET", "/cbr-features?limit=1&offset=1")
            #expect(page.body.count < all.body.count)
            _ = try await bench.call("GET", "/cbr-features?offset=1001", expecting: 400)
        }
    }

    @Test("orders say what to do instead, and a post-paid vault needs none")
    func orders() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let change =
                #"{"resource_id":"r","product_info":{"product_id":"p","resource_size":10,"resource_spec_code":"vault.backup.server.normal"}}"#
            let update =
                #"{"resourceId":"r","productInfo":{"productId":"p","resourceSize":10,"resourceSpecCode":"x"}}"#
            let mode = #"{"vault_ids":["v"],"period_type":"month","period_num":1,"charging_mode":"pre_paid"}"#
            for (method, path, body, word) in [
                ("POST", "/orders/change", change, "billing.size"), ("PUT", "/orders/o", update, "billing.size"),
                ("POST", "/vaults/change-charge-mode", mode, "post_paid"),
                ("POST", "/orders/change", "{}", "resource_id"),
                ("POST", "/orders/change", change.replacing("10", with: "9"), "resource_size"),
                ("POST", "/orders/change", change.replacing("server", with: "tape"), "resource_spec_code"),
                ("PUT", "/orders/o", update.replacing(#""p""#, with: #""p p""#), "productInfo.productId"),
                ("POST", "/vaults/change-charge-mode", mode.replacing(":1", with: ":10"), "period_num"),
                ("POST", "/vaults/change-charge-mode", mode.replacing(#"["v"]"#, with: "[]"), "vault_ids"),
                ("POST", "/vaults/order", #"{"vault":{"billing":{}}}"#, "vault.billing.object_type"),
                ("POST", "/vaults/order", Self.order(#","charging_mode":"pre_paid""#), "charging_mode"),
                ("POST", "/vaults/order", Self.order("", #","data_encryption":{"cmkid":"k"}"#), "cmkid"),
                ("POST", "/vaults/order", Self.order("", #","tags":[]"#), "vault.tags"),
            ] {
                let reply = try await bench.call(method, path, body, expecting: 400)
                #expect(reply.value("error_code") == "BackupService.9900")
                #expect(try reply.text("error_msg").contains(word), "\(path) \(body)")
            }
            #expect(try await bench.call("GET", "/vaults").value("count") == 0, "nothing was made on the way")
            let ordered = try await bench.call("POST", "/vaults/order", Self.order(""))
            #expect(try document.problems(with: ordered.body, of: "CreatePostPaidVault").isEmpty)
            #expect(ordered.value("retCode") == 0)
            let id = try ordered.text("orders.0.resourceId")
            #expect(try await bench.call("GET", "/vaults/\(id)").value("vault.name") == "bought")
        }
    }

    @Test("an ordered vault gets the policy that is named, as one that is made does")
    func orderedPolicy() async throws {
        try await ServerBench.with { bench in
            let policy = try await bench.call(
                "POST", "/policies",
                #"{"policy":{"name":"p","operation_type":"backup","operation_definition":{},"#
                    + #""trigger":{"properties":{"pattern":["FREQ=DAILY;INTERVAL=1;BYHOUR=6;BYMINUTE=00"]}}}}"#
            ).text("policy.id")
            let ordered = try await bench.call(
                "POST", "/vaults/order", Self.order("", #","backup_policy_id":"\#(policy)""#))
            let shown = try await bench.call("GET", "/policies/\(policy)")
            #expect(shown.value("policy.associated_vaults.0.vault_id") == (try ordered.text("orders.0.resourceId")))
            let unknown = try await bench.call(
                "POST", "/vaults/order", Self.order("", #","backup_policy_id":"x""#), expecting: 404)
            #expect(unknown.value("error_code") == "BackupService.6000")
        }
    }

    private static func order(_ billing: String, _ more: String = "") -> String {
        let required = #""object_type":"disk","protect_type":"backup","consistent_level":"crash_consistent","size":10"#
        return #"{"vault":{"name":"bought","resources":[],"billing":{\#(required)\#(billing)}\#(more)}}"#
    }

    @Test("projects and their domain are Identity's, and migrations have nothing to move")
    func domains() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let domain = DomainID(bench.admin.domainID)
            let other = try await bench.identity.createProject(name: "other", in: domain)
            let gone = try await bench.identity.createProject(name: "gone", in: domain)
            try await bench.identity.setEnabled(false, project: gone.id)
            let own = try await bench.signed("GET", "/v3/region-projects")
            #expect(try document.problems(with: own.body, of: "ListProjects").isEmpty)
            #expect(own.value("projects.0.id") == bench.admin.projectID)
            #expect(own.value("projects", as: [Any].self)?.count == 1, "only those with a role")
            let all = try await bench.signed("GET", "/v3/domain/\(bench.admin.domainName)/projects")
            #expect(try document.problems(with: all.body, of: "ListDomainProjects").isEmpty)
            #expect(all.value("projects", as: [Any].self)?.count == 2, "those of the domain that are on")
            #expect(try await bench.signed("GET", "/v3/domain/nobody/projects").status == 404)
            let shown = try await bench.signed("GET", "/v3/domain/\(other.id)")
            #expect(try document.problems(with: shown.body, of: "ShowDomain").isEmpty)
            #expect(shown.value("project_name") == "other" && shown.value("domain_name") == bench.admin.domainName)
            #expect(try await bench.signed("GET", "/v3/domain/\(gone.id)").status == 404)

            let status = try await bench.signed("GET", "/v3/migrates?all_regions=true")
            #expect(try document.problems(with: status.body, of: "ShowMigrateStatus").isEmpty)
            #expect(status.value("status") == "success")
            let moved = try await bench.signed("POST", "/v3/migrates", body: #"{"all_regions":true,"reservation":0.2}"#)
            #expect(try document.problems(with: moved.body, of: "MigrateDomain").isEmpty)
            #expect(try moved.text("message").contains("nothing"))
            for body in ["{}", #"{"all_regions":true}"#, #"{"all_regions":true,"reservation":1.5}"#] {
                #expect(try await bench.signed("POST", "/v3/migrates", body: body).status == 400)
            }
        }
    }
}
