import Testing

@testable import CBRServer

@Suite("Operation logs count what a removal took and what it left")
struct OperationLogTests {
    @Test("of a vault: its backups", arguments: [false, true])
    func vaultDelete(failing: Bool) async throws {
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [bench.register("a"), bench.register("b")])
            _ = try await bench.checkpoint(vault)
            try await bench.work()
            _ = try await bench.call("DELETE", "/vaults/\(vault)", expecting: 204)
            try await bench.work(failing: failing)
            let log = try await bench.call("GET", "/operation-logs?operation_type=vault_delete")
            #expect(try log.number("operation_logs.0.extra_info.vault_delete.total_count") == 2)
            #expect(try log.number("operation_logs.0.extra_info.vault_delete.fail_count") == (failing ? 2 : 0))
        }
    }

    @Test("of resources: themselves", arguments: [false, true])
    func removeResources(failing: Bool) async throws {
        try await ServerBench.with { bench in
            let resource = try await bench.register("a")
            let vault = try await bench.vault(with: [resource])
            _ = try await bench.call(
                "POST", "/vaults/\(vault)/removeresources", #"{"resource_ids":["\#(resource)"]}"#)
            try await bench.work(failing: failing)
            let log = try await bench.call("GET", "/operation-logs?operation_type=remove_resource")
            #expect(try log.number("operation_logs.0.extra_info.remove_resources.total_count") == 1)
            #expect(try log.number("operation_logs.0.extra_info.remove_resources.fail_count") == (failing ? 1 : 0))
        }
    }

    @Test("of resources: their names and types too")
    func removedNames() async throws {
        try await ServerBench.with { bench in
            let (a, b, c) = (
                try await bench.register("a"), try await bench.register("b"), try await bench.register("c")
            )
            let vault = try await bench.vault(with: [a, b, c])
            for leaving in [[a, b], [c]] {
                let ids = leaving.map { "\"\($0)\"" }.joined(separator: ",")
                _ = try await bench.call("POST", "/vaults/\(vault)/removeresources", #"{"resource_ids":[\#(ids)]}"#)
                try await bench.work()
            }
            let logs = try await bench.call("GET", "/operation-logs?operation_type=remove_resource")
            let several = "operation_logs.1.extra_info.remove_resources.resources"
            let names = Set([try logs.text("\(several).0.name"), try logs.text("\(several).1.name")])
            #expect(names == ["a", "b"])
            #expect(try logs.text("\(several).0.type") == "OS::Cinder::Volume")
            #expect(try logs.text("operation_logs.1.provider_id") == ProviderIDs.disk)
            #expect(try logs.text("operation_logs.0.extra_info.resource.name") == "c")
            #expect(try logs.text("operation_logs.0.extra_info.resource.id") == c)
            let found = try await bench.call("GET", "/operation-logs?operation_type=remove_resource&resource_name=c")
            #expect(try found.number("count") == 1)
        }
    }

    @Test("are found by the resource's name and its provider")
    func filters() async throws {
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [bench.register("a"), bench.register("b")])
            _ = try await bench.checkpoint(vault)
            let disks = ProviderIDs.disk
            for (query, count) in [
                ("resource_name=a", 1), ("resource_name=c", 0), ("provider_id=\(disks)", 2), ("provider_id=x", 0),
            ] {
                #expect(try await bench.call("GET", "/operation-logs?\(query)").number("count") == count, "\(query)")
            }
        }
    }

    @Test("backups are ordered as `sort` says, and an unknown order is refused")
    func sort() async throws {
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [bench.register("a")])
            for name in ["two", "one", "three"] {
                let body = #"{"checkpoint":{"vault_id":"\#(vault)","parameters":{"name":"\#(name)"}}}"#
                _ = try await bench.call("POST", "/checkpoints", body)
                try await bench.work()
            }
            let sorted = try await bench.call("GET", "/backups?sort=status,name:asc")
            #expect(try (0..<3).map { try sorted.text("backups.\($0).name") } == ["one", "three", "two"])
            for wrong in ["size", "name:up", "name,", ":asc", "name:asc:asc"] {
                let reply = try await bench.call("GET", "/backups?sort=\(wrong)", expecting: 400)
                #expect(try reply.text("error_msg").contains("sort"))
            }
        }
    }
}
