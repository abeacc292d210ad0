import Catalog
import HoldfastCore
import TestSupport
import Testing

@testable import CBRServer

@Suite("Lists give what matches, and nothing else")
struct ListFilterTests {
    private func ids(_ bench: ServerBench, _ path: String, _ list: String) async throws -> Set<String> {
        let reply = try await bench.call("GET", path)
        let rows = try #require(reply.value(list, as: [[String: Any]].self))
        #expect(try reply.number("count") == rows.count)
        return Set(rows.compactMap { $0["id"] as? String })
    }

    private func vault(_ bench: ServerBench, _ name: String, enterprise: String?) async throws -> String {
        let resource = try await bench.register(name)
        let field = enterprise.map { #""enterprise_project_id":"\#($0)","# } ?? ""
        return try await bench.call(
            "POST", "/vaults",
            """
            {"vault":{"name":"\(name)",\(field)"resources":[{"id":"\(resource)","type":"OS::Cinder::Volume"}],\
            "billing":{"object_type":"disk","protect_type":"backup","size":10}}}
            """
        ).text("vault.id")
    }

    @Test("backups and logs of an enterprise project are those of its vaults")
    func enterprises() async throws {
        try await ServerBench.with { bench in
            let one = try await vault(bench, "one", enterprise: "e-1")
            let none = try await vault(bench, "none", enterprise: nil)
            for vault in [one, none] { _ = try await bench.checkpoint(vault) }
            try await bench.work()
            for (path, list) in [("/backups", "backups"), ("/operation-logs", "operation_logs")] {
                let all = try await ids(bench, path, list)
                let mine = try await ids(bench, "\(path)?vault_id=\(one)", list)
                #expect(all.count == 2 && mine.count == 1)
                #expect(try await ids(bench, "\(path)?enterprise_project_id=e-1", list) == mine)
                #expect(try await ids(bench, "\(path)?enterprise_project_id=all_granted_eps", list) == all)
                for unknown in ["e", "e-12", "%22", "e-2"] {
                    #expect(try await ids(bench, "\(path)?enterprise_project_id=\(unknown)", list).isEmpty)
                }
            }
            let shown = try await bench.call("GET", "/backups?vault_id=\(one)")
                .value("backups", as: [[String: Any]].self)?.first
            #expect(shown?["enterprise_project_id"] as? String == "e-1")
        }
    }

    @Test("backups are found by their parent, and by how full their vault is")
    func backups() async throws {
        try await ServerBench.with { bench in
            let full = try await vault(bench, "full", enterprise: nil)
            let empty = try await vault(bench, "empty", enterprise: nil)
            _ = try await bench.checkpoint(full)
            try await bench.work(storedBytes: 5 << 30)
            _ = try await bench.checkpoint(empty)
            try await bench.work(storedBytes: 1 << 20)
            let first = try #require(try await ids(bench, "/backups?vault_id=\(full)", "backups").first)
            let second = try #require(try await ids(bench, "/backups?vault_id=\(empty)", "backups").first)
            try await bench.catalog.write { transaction in
                _ = try transaction.execute(
                    "UPDATE backups SET parent_id = ? WHERE id = ?", [.text(first), .text(second)])
            }
            #expect(try await ids(bench, "/backups?parent_id=\(first)", "backups") == [second])
            #expect(try await ids(bench, "/backups?parent_id=\(second)", "backups").isEmpty)
            #expect(try await ids(bench, "/backups?own_type=all_granted&parent_id=\(first)", "backups") == [second])
            #expect(try await ids(bench, "/backups?own_type=shared&parent_id=\(first)", "backups").isEmpty)
            for (percent, found) in [(1, [first]), (50, [first]), (51, []), (100, [])] {
                #expect(try await ids(bench, "/backups?used_percent=\(percent)", "backups") == Set(found))
            }
        }
    }

    @Test(
        "a query that the document does not allow names the field",
        arguments: [
            "used_percent=0", "used_percent=101", "used_percent=half", "dec=maybe", "show_replication=x",
        ])
    func refused(query: String) async throws {
        try await ServerBench.with { bench in
            let reply = try await bench.call("GET", "/backups?\(query)", expecting: 400)
            #expect(try reply.text("error_code") == "BackupService.9900")
            #expect(try reply.text("error_msg").contains(query.prefix { $0 != "=" }))
        }
    }
}
