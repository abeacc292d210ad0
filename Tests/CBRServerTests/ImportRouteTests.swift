import Catalog
import HoldfastCore
import TestSupport
import Testing

@testable import CBRServer

@Suite("Searches of the repository answer as documented")
struct ImportRouteTests {
    private static func item(_ changes: String = "") -> String {
        // Where a member stands twice, the last one counts.
        """
        {"backup_id":"b","backup_name":"n","bucket_name":"","created_at":0,"image_path":"","resource_id":"r",\
        "resource_name":"","resource_type":"OS::Cinder::Volume"\(changes)}
        """
    }

    private static func body(_ items: [String]) -> String { #"{"sync":[\#(items.joined(separator: ","))]}"# }

    @Test("a vault's search: the answer, its log, and a second one while it runs")
    func vault() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [try await bench.register("one")], size: 10)
            let asked = #"{"sync":{"vault_id":"\#(vault)","auto_trigger":true}}"#
            let answer = try await bench.call("POST", "/checkpoints/sync", asked)
            #expect(try document.problems(with: answer.body, of: "ImportCheckpoint").isEmpty)
            #expect(answer.value("sync.vault_id") == vault)
            let again = try await bench.call("POST", "/checkpoints/sync", asked, expecting: 400)
            #expect(again.value("error_code") == "BackupService.7302")

            try await bench.work()
            let log = try await bench.call("GET", "/operation-logs/\(answer.text("sync.operation_log_id"))")
            #expect(
                try document.problems(
                    with: log.body, of: "ShowOpLog", ours: ["operation_log.extra_info.holdfast"]
                ).isEmpty)
            #expect(log.value("operation_log.operation_type") == "sync")
            #expect(log.value("operation_log.extra_info.sync.sync_backup_num") == 2)
            #expect(log.value("operation_log.extra_info.sync.err_sync_backup_num") == 1)
            for body in ["{}", #"{"sync":{}}"#, #"{"sync":{"vault_id":"v"}}"#, #"{"sync":{"auto_trigger":true}}"#] {
                let refused = try await bench.call("POST", "/checkpoints/sync", body, expecting: 400)
                #expect(refused.value("error_code") == "BackupService.9900")
            }
        }
    }

    @Test("single backups: a log for each, all or none, and each field's rule")
    func backups() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let answer = try await bench.call(
                "POST", "/backups/sync", Self.body([Self.item(), Self.item(#","backup_id":"c""#)]))
            #expect(try document.problems(with: answer.body, of: "ImportBackup").isEmpty)
            #expect(answer.value("sync.1.backup_id") == "c")
            let refused: [(String, String, String)] = [
                (Self.body([]), "sync: must have at least 1 items", "9900"),
                (Self.body(Array(repeating: Self.item(), count: 51)), "sync: must have at most 50 items", "9900"),
                (Self.body([Self.item(), Self.item()]), "'sync[1].backup_id' is given twice", "9900"),
                (Self.body([Self.item(#","backup_name":"a b""#)]), "sync[0].backup_name: may contain only", "9900"),
                (Self.body([Self.item(#","created_at":-1"#)]), "sync[0].created_at: must be from 0", "9900"),
                (Self.body([Self.item(#","image_path":null"#)]), "sync[0].image_path: is required", "9900"),
                (Self.body([Self.item(#","resource_type":"tape""#)]), "sync[0].resource_type: 'tape' is no", "6116"),
            ]
            for (body, sentence, code) in refused {
                let answer = try await bench.call("POST", "/backups/sync", body, expecting: 400)
                #expect(answer.value("error_code") == "BackupService.\(code)")
                #expect(try answer.text("error_msg").hasPrefix(sentence))
            }
            #expect(try await bench.call("GET", "/operation-logs").value("count") == 2)
        }
    }
}
