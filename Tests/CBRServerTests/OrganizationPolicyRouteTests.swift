import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Policies of an organization, as clients see them")
struct OrganizationPolicyRouteTests {
    private static let path = "/organization-policies"

    private static func body(_ more: String = "", kind: String = "backup") -> String {
        #"{"policy":{"name":"all","operation_type":"\#(kind)","policy_name":"nightly","policy_enabled":true,"#
            + #""policy_operation_definition":{"max_backups":5},"#
            + #""policy_trigger":{"properties":{"pattern":["FREQ=DAILY;INTERVAL=1;BYHOUR=2;BYMINUTE=00"]}}\#(more)}}"#
    }

    @Test("they are created, read, listed, changed and deleted in the documented shapes")
    func life() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let made = try await bench.call(
                "POST", Self.path, Self.body(#","description":"for all","effective_scope":"all""#))
            #expect(try document.problems(with: made.body, of: "CreateOrganizationPolicy") == [])
            let id = try made.text("policy.id")
            #expect(made.value("policy.description") == "for all" && made.value("policy.status") == "available")
            #expect(made.value("policy.domain_id") == bench.admin.domainID)
            let shown = try await bench.call("GET", Self.path + "/" + id)
            #expect(try document.problems(with: shown.body, of: "ShowOrganizationPolicy") == [])
            let listed = try await bench.call("GET", Self.path + "?operation_type=backup&limit=1")
            #expect(try document.problems(with: listed.body, of: "ListOrganizationPolicies") == [])
            #expect(listed.value("count") == 1 && listed.value("limit") == 1 && listed.value("policies.0.id") == id)
            #expect(try await bench.call("GET", Self.path + "?operation_type=replication").value("count") == 0)
            let detail = try await bench.call("GET", Self.path + "/\(id)/policy-detail")
            #expect(try document.problems(with: detail.body, of: "ListOrganizationPolicyDetail") == [])
            #expect(detail.value("policies.0.status") == "success" && detail.value("count") == 1)
            let copy = try detail.text("policies.0.policy_id")
            let own = try await bench.call("GET", "/policies/" + copy)
            #expect(own.value("policy.policy_type") == "organization_policy_v2")
            let kept = try await bench.call("DELETE", "/policies/" + copy, expecting: 400)
            #expect(kept.value("error_code") == "BackupService.6127")
            let changed = try await bench.call(
                "PUT", Self.path + "/" + id, #"{"policy":{"policy_name":"later","policy_enabled":false}}"#)
            #expect(try document.problems(with: changed.body, of: "UpdateOrganizationPolicy") == [])
            #expect(changed.value("policy.name") == "all" && changed.value("policy.policy_name") == "later")
            #expect(try await bench.call("GET", "/policies/" + copy).value("policy.enabled") == false)
            let vault = try await bench.vault()
            _ = try await bench.call("POST", "/vaults/\(vault)/associatepolicy", #"{"policy_id":"\#(copy)"}"#)
            _ = try await bench.call("DELETE", Self.path + "/" + id, expecting: 204)
            let removed = try await bench.call("GET", "/policies/" + copy)
            #expect(removed.value("policy.policy_type") == "organization_policy_removed")
            #expect(removed.value("policy.associated_vaults.0.vault_id") == vault)
            for (method, tail) in [("GET", ""), ("GET", "/policy-detail"), ("DELETE", "")] {
                let gone = try await bench.call(method, Self.path + "/" + id + tail, expecting: 404)
                #expect(gone.value("error_code") == "BackupService.6000")
            }
        }
    }

    @Test(
        "what is missing or out of range is refused with its field",
        arguments: [
            ("policy.name", #"{"policy":{}}"#), ("policy.operation_type", Self.body(kind: "tape")),
            ("policy.description", Self.body(#","description":"\#(String(repeating: "x", count: 256))""#)),
            ("policy.effective_scope", Self.body(#","effective_scope":"nowhere""#)),
            ("policy.policy_enabled", Self.body().replacing(#""policy_enabled":true,"#, with: "")),
            (
                "policy.policy_operation_definition.max_backups",
                Self.body().replacing(#""max_backups":5"#, with: #""max_backups":100000"#)
            ),
            ("policy.policy_trigger.properties.pattern", Self.body().replacing("FREQ=DAILY", with: "FREQ=SOMETIMES")),
        ])
    func refusals(field: String, body: String) async throws {
        try await ServerBench.with { bench in
            let refused = try await bench.call("POST", Self.path, body, expecting: 400)
            #expect(try refused.text("error_msg").contains(field), "\(refused.value("error_msg") ?? "")")
            _ = try await bench.call("GET", Self.path, expecting: 400)
            _ = try await bench.call("GET", Self.path + "?operation_type=tape", expecting: 400)
        }
    }

    @Test("another project of the domain manages none of them")
    func others() async throws {
        try await TwoProjects.with { two in
            let id = try await two.bench.call("POST", Self.path, Self.body()).text("policy.id")
            for (method, tail, body) in [
                ("GET", "?operation_type=backup", ""), ("POST", "", Self.body()), ("GET", "/" + id, ""),
                ("GET", "/\(id)/policy-detail", ""), ("PUT", "/" + id, #"{"policy":{}}"#), ("DELETE", "/" + id, ""),
            ] {
                let reply = try await two.asMember(method, Self.path + tail, body)
                #expect(reply.status == 403, "\(method) \(tail)")
            }
            let copies = try await two.asMember("GET", "/policies")
            #expect(copies.value("policies.0.policy_type") == "organization_policy_v2")
        }
    }
}
