import HoldfastCore
import TestSupport
import Testing

@testable import CBRServer

@Suite("Vault calls take what is documented, and answer with the documented codes")
struct VaultRouteTests {
    private static func vault(_ more: String = "", protects kind: String = "backup") -> String {
        #"{"vault":{"name":"v","resources":[],"billing":{"consistent_level":"crash_consistent","object_type":"disk","#
            + #""protect_type":"\#(kind)","size":10}\#(more)}}"#
    }

    private func refused(
        _ bench: ServerBench, _ number: String, _ method: String, _ path: String, _ body: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let reply = try await bench.call(method, path, body, expecting: 400, sourceLocation: sourceLocation)
        #expect(reply.value("error_code") == "BackupService." + number, sourceLocation: sourceLocation)
    }

    @Test("an update changes what updates have, and leaves the rest of a new vault's settings alone")
    func updates() async throws {
        try await ServerBench.with { bench in
            let made = try await bench.call(
                "POST", "/vaults",
                Self.vault(
                    #","enterprise_project_id":"0","availability_zone":"az","sys_lock_source_service":"s","#
                        + #""backup_name_prefix":"每日","demand_billing":false"#))
            let path = "/vaults/" + (try made.text("vault.id"))
            let updated = try await bench.call(
                "PUT", path,
                #"{"vault":{"name":"w","enterprise_project_id":"1","availability_zone":"other","demand_billing":true,"#
                    + #""sys_lock_source_service":"t","tags":[{"key":"k"}],"backup_name_prefix":"q"}}"#)
            for (field, value) in [
                ("name", "w"), ("enterprise_project_id", "0"), ("availability_zone", "az"),
                ("sys_lock_source_service", "s"), ("backup_name_prefix", "q"),
            ] {
                #expect(updated.value("vault.\(field)") == value, "\(field)")
            }
            #expect(updated.value("vault.demand_billing") == false)
            #expect(updated.value("vault.tags", as: [Any].self)?.isEmpty == true)
        }
    }

    @Test("volumes that a resource's backups are to hold come back as they were given")
    func includedVolumes() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let disk = try await bench.register("disk")
            let vault = try await bench.vault(with: [disk])
            func volumes(_ extra: String) async throws -> RawHTTP.Reply {
                let resource = #"{"id":"\#(disk)","type":"OS::Cinder::Volume","extra_info":{\#(extra)}}"#
                _ = try await bench.call("POST", "/vaults/\(vault)/addresources", #"{"resources":[\#(resource)]}"#)
                let shown = try await bench.call("GET", "/vaults/\(vault)")
                #expect(
                    try document.problems(
                        with: shown.body, of: "ShowVault", ours: AnswerShapeTests.ours(["vault"])) == [])
                return shown
            }
            let place = "vault.resources.0.extra_info"
            let given = try await volumes(
                #""exclude_volumes":["x"],"include_volumes":[{"id":"a","os_version":"12"},{"id":"b"}]"#)
            #expect(given.value(place + ".exclude_volumes.0") == "x")
            #expect(given.value(place + ".include_volumes.0.id") == "a")
            #expect(given.value(place + ".include_volumes.0.os_version") == "12")
            #expect(given.value(place + ".include_volumes.1.id") == "b")
            let made = try await bench.call("POST", "/checkpoints", #"{"checkpoint":{"vault_id":"\#(vault)"}}"#)
            let told = try made.text("checkpoint.vault.resources.0.extra_info")
            #expect(told.contains(#""include_volumes":[{"#) && told.contains(#""exclude_volumes":["x"]"#))
            try await bench.work()
            let without = try await volumes("")
            #expect(without.value(place + ".include_volumes", as: [Any].self) == nil)
        }
    }

    @Test("a vault of replicas takes no resources and no backups")
    func replicas() async throws {
        try await ServerBench.with { bench in
            let disk = try await bench.register("disk")
            let vault = try await bench.call("POST", "/vaults", Self.vault(protects: "replication")).text("vault.id")
            let resources = #""resources":[{"id":"\#(disk)","type":"OS::Cinder::Volume"}]"#
            try await refused(bench, "6108", "POST", "/vaults/\(vault)/addresources", "{\(resources)}")
            let with = Self.vault(protects: "replication").replacing(#""resources":[]"#, with: resources)
            try await refused(bench, "6108", "POST", "/vaults", with)
            try await refused(bench, "6124", "POST", "/checkpoints", #"{"checkpoint":{"vault_id":"\#(vault)"}}"#)
        }
    }

    @Test("what a vault's state forbids has the code of its call")
    func states() async throws {
        try await ServerBench.with { bench in
            let disk = try await bench.register("disk")
            let vault = try await bench.vault(with: [disk])
            let path = "/vaults/\(vault)"
            _ = try await bench.checkpoint(vault)
            try await refused(bench, "6203", "DELETE", path)
            try await bench.work()
            let backup = try await bench.call("GET", "/backups").text("backups.0.id")
            let restore = "/backups/\(backup)/restore"
            _ = try await bench.call("POST", restore, #"{"restore":{}}"#, expecting: 202)
            try await refused(bench, "6112", "DELETE", path)
            try await bench.work()
            _ = try await bench.call("POST", path + "/removeresources", #"{"resource_ids":["\#(disk)"]}"#)
            try await refused(
                bench, "6134", "PUT", path + "/set-resources", #"{"action":"suspend","resource_ids":["\#(disk)"]}"#)
            try await bench.work()
            _ = try await bench.call("DELETE", path, expecting: 204)
            try await refused(bench, "6113", "POST", "/checkpoints", #"{"checkpoint":{"vault_id":"\#(vault)"}}"#)
            try await refused(bench, "6112", "PUT", path, #"{"vault":{"name":"n"}}"#)
            let tag = #"{"tag":{"key":"k","value":"v"}}"#
            try await refused(bench, "6112", "POST", "/vault/\(vault)/tags", tag)
        }
    }

    @Test("a restore from a vault that is being deleted is refused for the vault's state")
    func restoring() async throws {
        try await ServerBench.with { bench in
            let vault = try await bench.vault(with: [try await bench.register("disk")])
            _ = try await bench.checkpoint(vault)
            try await bench.work()
            let backup = try await bench.call("GET", "/backups").text("backups.0.id")
            _ = try await bench.call("DELETE", "/vaults/\(vault)", expecting: 204)
            try await refused(bench, "6202", "POST", "/backups/\(backup)/restore", #"{"restore":{}}"#)
        }
    }

    @Test("protectable resources come in pages of 50 at most")
    func protectables() async throws {
        try await ServerBench.with { bench in
            for number in 0..<51 { _ = try await bench.register("d\(number)") }
            let all = "/protectables/disk/instances"
            let first = try await bench.call("GET", all)
            #expect(first.value("instances", as: [Any].self)?.count == 50 && first.value("count") == 51)
            let rest = try await bench.call("GET", all + "?offset=50&limit=50")
            #expect(rest.value("instances", as: [Any].self)?.count == 1)
            let last = try first.text("instances.49.id")
            #expect(try await bench.call("GET", all + "?marker=\(last)").body == rest.body)
            for limit in ["0", "51"] { try await refused(bench, "9900", "GET", all + "?limit=\(limit)") }
        }
    }
}
