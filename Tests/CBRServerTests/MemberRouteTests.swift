import Catalog
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Members answer as documented")
struct MemberRouteTests {
    @Test("added, listed, shown, answered and deleted, each answer in the documented shape")
    func story() async throws {
        let document = try InterfaceDocument()
        try await TwoProjects.with { two in
            let (bench, members) = (two.bench, "/backups/\(two.backup)/members")
            let added = try await bench.call("POST", members, #"{"members":["\#(two.member)","\#(two.third)"]}"#)
            #expect(try document.problems(with: added.body, of: "AddMember").isEmpty)
            #expect(added.value("count", as: Int.self) == nil && added.value("members.0.status") == "pending")
            let listed = try await bench.call("GET", members)
            #expect(try document.problems(with: listed.body, of: "ShowMembersDetail").isEmpty)
            #expect(listed.value("count") == 2)

            let accepted = try await two.answer("accepted")
            #expect(try document.problems(with: accepted.body, of: "UpdateMemberStatus").isEmpty)
            #expect(accepted.status == 200 && accepted.value("member.vault_id") == two.memberVault)
            let shown = try await bench.call("GET", members + "/" + two.member)
            #expect(try document.problems(with: shown.body, of: "ShowMemberDetail").isEmpty)
            #expect(shown.value("member.dest_project_id") == two.member && shown.value("member.status") == "accepted")
            #expect(try await two.answer("rejected").value("member.vault_id", as: String.self) == nil)

            for project in [two.member, two.third] {
                #expect(try await bench.call("DELETE", members + "/" + project, expecting: 204).body.isEmpty)
                let gone = try await bench.call("DELETE", members + "/" + project, expecting: 404)
                #expect(gone.value("error_code") == "BackupService.6705")
            }
            #expect(try await bench.call("GET", members).value("members", as: [Any].self)?.isEmpty == true)
        }
    }

    @Test("a list of members filters, sorts and pages, and ends")
    func lists() async throws {
        try await TwoProjects.with { two in
            let (bench, members) = (two.bench, "/backups/\(two.backup)/members")
            _ = try await bench.call("POST", members, #"{"members":["\#(two.member)","\#(two.third)"]}"#)
            _ = try await two.answer("accepted")
            for (query, count) in [
                ("status=accepted", 1), ("status=pending", 1), ("status=rejected", 0), ("status=odd", 0),
                ("dest_project_id=\(two.third)", 1), ("dest_project_id=nobody", 0), ("image_id=x", 0),
                ("vault_id=\(two.memberVault)", 1), ("vault_id=nobody", 0),
            ] {
                #expect(try await bench.call("GET", members + "?" + query).value("count") == count, "\(query)")
            }
            let up = try await bench.call("GET", members + "?sort=status:asc").text("members.0.dest_project_id")
            let down = try await bench.call("GET", members + "?sort=status:desc").text("members.0.dest_project_id")
            #expect(up == two.member && down == two.third, "accepted comes before pending")
            let first = try await bench.call("GET", members + "?limit=1")
            for marker in [try first.text("members.0.id"), try first.text("members.0.dest_project_id")] {
                let next = try await bench.call("GET", members + "?marker=" + marker)
                #expect(next.value("members", as: [Any].self)?.count == 1 && next.value("count") == 2)
                #expect(try next.text("members.0.id") != first.text("members.0.id"))
            }
            for query in ["offset=5", "marker=gone"] {
                let past = try await bench.call("GET", members + "?" + query)
                #expect(past.value("members", as: [Any].self)?.isEmpty == true, "\(query)")
            }
            for query in ["limit=0", "limit=1001", "offset=-1", "sort=taste"] {
                let reply = try await bench.call("GET", members + "?" + query, expecting: 400)
                #expect(reply.value("error_code") == "BackupService.9900")
            }
        }
    }

    @Test("every refusal has its documented code")
    func refusals() async throws {
        try await TwoProjects.with { two in
            let (bench, members) = (two.bench, "/backups/\(two.backup)/members")
            let own = #"{"members":["\#(bench.admin.projectID)"]}"#
            let one = #"{"members":["\#(two.member)"]}"#
            func refused(_ method: String, _ path: String, _ body: String, _ status: Int, _ code: String) async throws {
                let reply = try await bench.call(method, path, body, expecting: status)
                #expect(reply.value("error_code") == "BackupService." + code, "\(method) \(path) \(body)")
            }
            try await refused("POST", members, own, 400, "6704")
            try await refused("POST", members, #"{"members":["nobody"]}"#, 400, "6704")
            try await refused("POST", members, #"{"domains":["elsewhere"]}"#, 400, "6704")
            try await refused("POST", members, #"{"members":[]}"#, 400, "9900")
            try await refused("POST", "/backups/\(TwoProjects.nowhere)/members", one, 404, "6200")
            try await two.share()
            try await refused("POST", members, one, 400, "6703")
            try await refused("PUT", members + "/" + two.member, #"{"status":"rejected"}"#, 400, "6706")
            try await refused("PUT", members + "/nobody", #"{"status":"rejected"}"#, 404, "6705")
            try await refused("GET", members + "/nobody", "", 404, "6705")
            #expect(try await two.answer("rejected").status == 200)
            try await refused("POST", members, one, 400, "6714")
            for (vault, status, code) in [
                (two.owned["vault_id"], 404, "6105"), (try await turbo(two), 400, "6713"), (nil, 400, "9900"),
            ] {
                let reply = try await two.asMember(
                    "PUT", members + "/" + two.member, #"{"status":"accepted","vault_id":"\#(vault ?? "x")"}"#)
                #expect(reply.status == status && reply.value("error_code") == "BackupService." + code)
            }
            let foreign = try await two.asMember("DELETE", members + "/" + two.member)
            #expect(foreign.status == 403 && foreign.value("error_code") == "BackupService.8600")
        }
    }

    private func turbo(_ two: TwoProjects) async throws -> String {
        try await two.asMember(
            "POST", "/vaults",
            #"{"vault":{"name":"t","resources":[],"billing":{"consistent_level":"crash_consistent","#
                + #""object_type":"turbo","protect_type":"backup","size":10}}}"#
        ).text("vault.id")
    }

    @Test(
        "a member's backups are listed by own_type and member_status, and show nothing of what the owner has around them"
    )
    func sight() async throws {
        let document = try InterfaceDocument()
        try await TwoProjects.with { two in
            try await two.share()
            let list = "/backups?own_type="
            func count(_ query: String) async throws -> Int {
                try await two.asMember("GET", list + query).number("count")
            }
            #expect(try await two.asMember("GET", "/backups").value("count") == 0)
            for (query, wanted) in [
                ("private", 0), ("shared", 1), ("all_granted", 1), ("shared&member_status=pending", 1),
                ("shared&member_status=accepted", 0), ("shared&member_status=odd", 0), ("odd", 0),
            ] {
                #expect(try await count(query) == wanted, "\(query)")
            }
            let pending = try await two.asMember("GET", list + "shared")
            #expect(try document.problems(with: pending.body, of: "ListBackups", ours: Self.ours("backups[]")).isEmpty)
            #expect(pending.value("backups.0.vault_id") == "")
            #expect(pending.value("backups.0.extend_info.supported_restore_mode") == "na")
            _ = try await two.answer("accepted")
            let shown = try await two.asMember("GET", "/backups/" + two.backup)
            #expect(try document.problems(with: shown.body, of: "ShowBackup", ours: Self.ours("backup")).isEmpty)
            #expect(shown.value("backup.vault_id") == two.memberVault)
            #expect(shown.value("backup.project_id") == two.bench.admin.projectID)
            #expect(shown.value("backup.members", as: [Any].self)?.count == 1)
            #expect(shown.value("backup.members.0.dest_project_id") == two.member)
            let text = String(decoding: shown.body, as: UTF8.self)
            for name in ["vault_id", "checkpoint_id", "backup_id", "policy_id", "operation_log_id"] {
                let id = try #require(two.owned[name])
                #expect(!text.contains(id), "\(name)")
            }
            #expect(try await count("shared&vault_id=\(two.memberVault)") == 1)
            let owners = try await two.bench.call("GET", "/backups/" + two.backup)
            #expect(owners.value("backup.members.0.vault_id") == two.memberVault)
            #expect(try await two.asMember("GET", "/backups/\(two.backup)/metadata").status == 200)
        }
    }

    private static func ours(_ place: String) -> Set<String> { ["limit", "offset", place + ".members"] }
}
