import TestSupport
import Testing

@testable import CBRServer

@Suite("A restore goes where the request says, or nowhere")
struct RestoreRouteTests {
    private struct Restored {
        let bench: ServerBench
        /// What the backup was made of, and another of its kind.
        let source: String
        let other: String
        let backup: String

        func restore(_ parts: String, expecting status: Int = 202) async throws -> RawHTTP.Reply {
            try await bench.call(
                "POST", "/backups/\(backup)/restore", #"{"restore":{\#(parts)}}"#, expecting: status)
        }

        /// What an accepted restore writes to, once it is over.
        func target(_ parts: String) async throws -> String {
            let job = try await restore(parts).text("job_id")
            let target = try await bench.call("GET", "/operation-logs/" + job)
                .text("operation_log.extra_info.restore.target_resource_id")
            try await bench.work()
            return target
        }
    }

    private func with(_ body: @escaping @Sendable (Restored) async throws -> Void) async throws {
        try await ServerBench.with { bench in
            let (source, other) = (try await bench.register("source"), try await bench.register("other"))
            _ = try await bench.checkpoint(try await bench.vault(with: [source]))
            try await bench.work()
            let backup = try await bench.call("GET", "/backups").text("backups.0.id")
            try await body(Restored(bench: bench, source: source, other: other, backup: backup))
        }
    }

    @Test("its log's resource is the one that is written, by id and by name")
    func loggedResource() async throws {
        try await with { known in
            _ = try await known.restore(#""resource_id":"\#(known.other)""#)
            try await known.bench.work()
            let path = "/operation-logs?operation_type=restore&resource_id=\(known.other)&resource_name=other"
            let log = try await known.bench.call("GET", path)
            #expect(try log.text("operation_logs.0.extra_info.resource.id") == known.other)
            #expect(try log.text("operation_logs.0.extra_info.resource.name") == "other")
            #expect(try log.text("operation_logs.0.extra_info.restore.target_resource_name") == "other")
        }
    }

    @Test("to a volume that a field or a mapping names, and to the original only when none does")
    func targets() async throws {
        try await with { known in
            let mapping = #""mappings":[{"backup_id":"\#(known.backup)","volume_id":"\#(known.other)"}]"#
            let volume = #""volume_id":"\#(known.other)""#
            for (parts, target) in [
                ("", known.source), (#""mappings":[]"#, known.source), (volume, known.other), (mapping, known.other),
                ("\(volume),\(mapping)", known.other),
            ] {
                let found = try await known.target(parts)
                #expect(found == target, "\(parts)")
            }
        }
    }

    @Test("what names a target that can't be is refused with the field, and nothing is written")
    func refusals() async throws {
        try await with { known in
            let mapping = #"{"backup_id":"\#(known.backup)","volume_id":"\#(known.other)"}"#
            for (parts, field) in [
                (#""server_id":"s""#, "restore.server_id"), (#""server_id":"s","mappings":[]"#, "restore.server_id"),
                (#""server_id":"s","mappings":[\#(mapping)]"#, "restore.server_id"),
                (#""mappings":[\#(mapping),\#(mapping)]"#, "restore.mappings"),
                (#""mappings":[{"backup_id":"x","volume_id":"\#(known.other)"}]"#, "restore.mappings[0].backup_id"),
                (#""volume_id":"\#(known.source)","mappings":[\#(mapping)]"#, "restore.mappings[0].volume_id"),
                (#""resource_id":"\#(known.source)","mappings":[\#(mapping)]"#, "restore"),
            ] {
                let refused = try await known.restore(parts, expecting: 400)
                #expect(refused.value("error_code") == "BackupService.9900")
                #expect(try refused.text("error_msg").contains(field), "\(parts): \(refused.value("error_msg") ?? "")")
            }
            let logs = try await known.bench.call("GET", "/operation-logs?operation_type=restore")
            #expect(logs.value("count") == 0)
        }
    }
}
