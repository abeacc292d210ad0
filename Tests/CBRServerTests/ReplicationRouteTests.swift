import Catalog
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Replication answers as documented")
struct ReplicationRouteTests {
    private static func body(_ changes: String = "") -> String {
        // Where a member stands twice, the last one counts.
        """
        {"replicate":{"destination_region":"\(OtherRegion.region)","destination_project_id":"\(OtherRegion.project)",\
        "destination_vault_id":"\(OtherRegion.vault)"\(changes)}}
        """
    }

    @Test("capabilities and external vaults, with a region and without")
    func looking() async throws {
        let document = try InterfaceDocument()
        let query = "/vaults/external?external_project_id=\(OtherRegion.project)&region_id=\(OtherRegion.region)"
        try await ServerBench.with(peers: OtherRegion()) { bench in
            let shown = try await bench.call("GET", "/replication-capabilities")
            #expect(try document.problems(with: shown.body, of: "ShowReplicationCapabilities").isEmpty)
            #expect(shown.value("regions.0.name") == ServerBench.region)
            #expect(shown.value("regions.0.replication_destinations.0") == OtherRegion.region)
            let vaults = try await bench.call("GET", query)
            #expect(try document.problems(with: vaults.body, of: "ListExternalVault", ours: Self.ours).isEmpty)
            #expect(vaults.value("vaults.0.id") == OtherRegion.vault.text && vaults.value("count") == 1)
            #expect(vaults.value("vaults.0.billing.spec_code") == "vault.replication.server.normal")
            for (more, count) in [("&objcet_type=turbo", 0), ("&object_type=disk", 1), ("&protect_type=tape", 0)] {
                #expect(try await bench.call("GET", query + more).value("count") == count)
            }
            #expect(try await bench.call("GET", query + "&offset=5").value("vaults", as: [Any].self)?.isEmpty == true)
            _ = try await bench.call("GET", query + "&limit=0", expecting: 400)
            _ = try await bench.call("GET", "/vaults/external?region_id=x", expecting: 400)
            _ = try await bench.call("GET", "/vaults/external?external_project_id=x", expecting: 400)
            let other = try await bench.call(
                "GET", "/vaults/external?external_project_id=x&region_id=\(OtherRegion.region)", expecting: 400)
            #expect(other.value("error_code") == "BackupService.1011")
        }
        try await ServerBench.with { bench in
            let shown = try await bench.call("GET", "/replication-capabilities")
            #expect(shown.value("regions.0.replication_destinations", as: [Any].self)?.isEmpty == true)
            #expect(try await bench.call("GET", query).value("count") == 0)
        }
    }

    /// What vaults show beside the documented fields, here as in their own list.
    private static let ours: Set<String> = [
        "vaults[].backup_name_prefix", "vaults[].demand_billing", "vaults[].cbc_delete_count", "vaults[].frozen",
    ]

    @Test("a backup and a vault are sent: answers, records in the backup, and the log")
    func sending() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with(peers: OtherRegion()) { bench in
            let vault = try await bench.vault(with: [try await bench.register("one")])
            _ = try await bench.checkpoint(vault)
            try await bench.work()
            let backup = try await bench.call("GET", "/backups").text("backups.0.id")
            let sent = try await bench.call(
                "POST", "/backups/\(backup)/replicate", Self.body(#","name":"far","enable_acceleration":true"#))
            #expect(try document.problems(with: sent.body, of: "CopyBackup").isEmpty)
            let record = try sent.text("replication.replication_record_id")
            var shown = try await bench.call("GET", "/backups/\(backup)")
            #expect(shown.value("backup.replication_records.0.status") == "waiting_replicate")
            try await bench.work()
            for path in ["/backups/\(backup)", "/backups"] {
                shown = try await bench.call("GET", path)
                let found = path == "/backups" ? "backups.0" : "backup"
                #expect(
                    try document.problems(
                        with: shown.body, of: path == "/backups" ? "ListBackups" : "ShowBackup",
                        ours: ["limit", "offset", "backup.members", "backups[].members"]
                    ).isEmpty)
                #expect(shown.value(found + ".replication_records.0.id") == record)
                #expect(shown.value(found + ".replication_records.0.status") == "success")
                #expect(shown.value(found + ".replication_records.0.destination_backup_id") == "far-backup")
                #expect(shown.value(found + ".image_type") == "backup")
            }
            let log = try await bench.call("GET", "/operation-logs?operation_type=replication&backup_id=\(backup)")
            #expect(log.value("operation_logs.0.extra_info.replication.destination_backup_name") == "far")
            #expect(
                try document.problems(
                    with: log.body, of: "ListOpLogs",
                    ours: ["operation_logs[].extra_info.holdfast", "limit", "offset"]
                ).isEmpty)

            let all = try await bench.call(
                "POST", "/checkpoints/replicate", Self.body(#","vault_id":"\#(vault)","auto_trigger":false"#))
            #expect(try document.problems(with: all.body, of: "CopyCheckpoint").isEmpty)
            #expect(all.value("replication.backups", as: [Any].self)?.isEmpty == true, "it is there already")
            #expect(try await bench.call("GET", "/backups?image_type=replication").value("count") == 0)
            #expect(try await bench.call("GET", "/backups?image_type=backup").value("count") == 1)
        }
    }

    @Test("each field's rule is held, and the error names both")
    func rules() async throws {
        try await ServerBench.with(peers: OtherRegion()) { bench in
            let vault = try await bench.vault(with: [try await bench.register("one")])
            _ = try await bench.checkpoint(vault)
            try await bench.work()
            let backup = try await bench.call("GET", "/backups").text("backups.0.id")
            let long = String(repeating: "a", count: 256)
            let refused: [(String, String)] = [
                ("{}", "replicate: is required"),
                (Self.body(#","destination_region":null"#), "replicate.destination_region: is required"),
                (Self.body(#","destination_region":"a b""#), "replicate.destination_region: may contain only"),
                (Self.body(#","destination_region":"\#(long)""#), "replicate.destination_region: must have 0 to 255"),
                (Self.body(#","destination_project_id":null"#), "replicate.destination_project_id: is required"),
                (Self.body(#","destination_vault_id":null"#), "replicate.destination_vault_id: is required"),
                (Self.body(#","enable_acceleration":"yes""#), "replicate.enable_acceleration: must be true or false"),
                (Self.body(#","name":"a b""#), "replicate.name: may contain only"),
                (Self.body(#","description":"<""#), "replicate.description: may contain only"),
            ]
            for (body, sentence) in refused {
                let answer = try await bench.call("POST", "/backups/\(backup)/replicate", body, expecting: 400)
                #expect(answer.value("error_code") == "BackupService.9900")
                #expect(try answer.text("error_msg").hasPrefix(sentence))
            }
            let answer = try await bench.call("POST", "/checkpoints/replicate", Self.body(), expecting: 400)
            #expect(try answer.text("error_msg").hasPrefix("replicate.vault_id: is required"))
            _ = try await bench.call("POST", "/backups/x/replicate", Self.body(), expecting: 404)
        }
    }

    @Test("large bodies are read only for a token that may write in the project, and only up to their limit")
    func largeBodies() async throws {
        let receiver = CountingReceiver()
        try await ServerBench.with(receiver: receiver) { bench in
            let path = "/holdfast/v1/\(bench.admin.projectID)/replication/sessions/s/chunks"
            let token = try await bench.token()
            let full = String(repeating: "a", count: Limits.chunksBodyBytesMax)
            #expect(try await bench.bearing(token, "POST", path, body: full).status == 200)
            #expect(receiver.taken == Limits.chunksBodyBytesMax)
            #expect(try await bench.bearing(token, "POST", path, body: full + "a").status == 413)

            // Nobody waits for the body: the answer comes after the head alone.
            func early(_ headers: [String], _ target: String = path) async throws -> RawHTTP.Reply {
                try await bench.http.send(
                    bytes: Array(
                        ("POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n"
                            + headers.map { $0 + "\r\n" }.joined() + "\r\n").utf8))
            }
            for headers in [[], ["X-Auth-Token: wrong"], ["X-Sdk-Date: 20260101T000000Z", "Authorization: x"]] {
                let reply = try await early(headers)
                #expect(reply.status == 401 && reply.headers["connection"] == "close")
            }
            let other = try await early(
                ["X-Auth-Token: \(token)"],
                path.replacing(bench.admin.projectID, with: String(repeating: "0", count: 32)))
            #expect((400..<500).contains(other.status) && other.headers["connection"] == "close")
            #expect(receiver.taken == Limits.chunksBodyBytesMax, "none of it was taken")
        }
    }

    @Test("what servers say to each other is held to rules too")
    func sessions() async throws {
        try await ServerBench.with(receiver: CountingReceiver()) { bench in
            let path = "/holdfast/v1/\(bench.admin.projectID)/replication/sessions"
            let fields = """
                "vault_id":"v","source_region":"north-1","source_backup_id":"b","source_checkpoint_id":"c","name":"n",\
                "checkpoint_name":"n","resource_id":"r","resource_type":"OS::Cinder::Volume","created_at":1,"image":true
                """
            let begun = try await bench.signed("POST", path, body: "{\"replica\":{\(fields)}}")
            #expect(begun.status == 200 && begun.value("session.naming_key") == String(repeating: "01", count: 32))
            for (changes, sentence) in [
                (#","source_region":"""#, "replica.source_region: must have 1 to 255"),
                (#","created_at":-1"#, "replica.created_at: must be from 0"),
                (#","created_at":253402300800000000"#, "replica.created_at: must be from 0"),
                (#","resource_type":"tape""#, "replica.resource_type: 'tape' is no"),
                (#","image":null"#, "replica.image: is required"),
                (#","name":"a/b""#, "replica.name: may contain only"),
            ] {
                let reply = try await bench.signed("POST", path, body: "{\"replica\":{\(fields)\(changes)}}")
                #expect(reply.status == 400)
                #expect(try reply.text("error_msg").hasPrefix(sentence))
            }
            let end = #""root":"\#(String(repeating: "0a", count: 32))","image":true,"entry_count":1,"warning_count":0"#
            let done = try await bench.signed(
                "POST", path + "/s/finish", body: "{\"replica\":{\(end),\"logical_bytes\":5}}")
            #expect(done.status == 200 && done.value("replica.backup_id") == "b")
            for body in ["{\"replica\":{\(end)}}", "{\"replica\":{\(end),\"logical_bytes\":-1}}"] {
                #expect(try await bench.signed("POST", path + "/s/finish", body: body).status == 400)
            }
            #expect(try await bench.signed("GET", path + "/s/chunks/zz").status == 404)
            #expect(
                try await bench.signed("GET", path + "/s/chunks/\(String(repeating: "0a", count: 32))").body
                    == Data([7]))
            #expect(try await bench.signed("DELETE", path + "/s").status == 204)
        }
    }
}
