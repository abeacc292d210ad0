import Foundation
import TestSupport
import Testing

@testable import CBRServer

@Suite("Agent calls and metadata answer as documented")
struct AgentRouteTests {
    static let id = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"

    private func register(_ bench: ServerBench, _ id: String = id, host: String = "web-1") async throws -> RawHTTP.Reply
    {
        try await bench.call(
            "POST", "/agents",
            #"{"agent":{"agent_id":"\#(id)","host_ip":"192.0.2.1","host_name":"\#(host)","host_os":"Debian 12","agent_version":"0.0.9"}}"#
        )
    }

    @Test("an agent registers, is shown, goes away and is forgotten")
    func life() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let made = try await register(bench)
            #expect(try document.problems(with: made.body, of: "RegisterAgent") == [])
            #expect(made.value("agent.status") == "online")
            let one = "/agents/" + Self.id
            #expect(try document.problems(with: try await bench.call("GET", one).body, of: "ShowAgent") == [])
            let list = try await bench.call("GET", "/agents?limit=5&agent_id=\(Self.id)&agent_id=other&status=online")
            #expect(try document.problems(with: list.body, of: "ListAgent") == [])
            #expect(list.value("count") == 1)
            for nothing in ["status=offline", "status=strange", "agent_id=other", "offset=7"] {
                let empty = try await bench.call("GET", "/agents?" + nothing)
                #expect(empty.value("agents", as: [Any].self)?.isEmpty == true, "\(nothing)")
            }
            let gone = try await bench.call("PUT", one, #"{"agent":{"status":"uninstall"}}"#)
            #expect(gone.value("agent.status") == "uninstalled")
            #expect(try document.problems(with: gone.body, of: "UpdateAgent") == [])
            let refused = try await bench.call("PUT", one, #"{"agent":{"status":"online"}}"#, expecting: 400)
            #expect(refused.value("error_code") == "BackupService.9900")
            #expect(try await register(bench).value("agent.status") == "online")
            #expect(try await bench.call("DELETE", one).body.isEmpty)
            for (method, body) in [("GET", ""), ("DELETE", ""), ("PUT", #"{"agent":{"status":"uninstall"}}"#)] {
                let missing = try await bench.call(method, one, body, expecting: 404)
                #expect(missing.value("error_code") == "BackupService.7410")
            }
        }
    }

    @Test("ids that are no UUIDs are bad agent ids")
    func badIDs() async throws {
        try await ServerBench.with { bench in
            for id in ["host", "0a1b2c3d0a1b2c3d4e5f0a1b2c3d4e5", "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5g"] {
                let body = #"{"agent":{"agent_id":"\#(id)","host_ip":"::1","host_name":"h","host_os":"o"}}"#
                let refused = try await bench.call("POST", "/agents", body, expecting: 400)
                #expect(refused.value("error_code") == "BackupService.7403")
                let deleted = try await bench.call("DELETE", "/agents/" + id, expecting: 400)
                #expect(deleted.value("error_code") == "BackupService.7403")
            }
        }
    }

    @Test("paths are added once, shown with what is excluded, and removed")
    func paths() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            _ = try await register(bench)
            let one = "/agents/" + Self.id
            let body = #"""
                {"add_path":["/srv/a","C:\\data","/srv/a"],
                "exclude_path":[{"path_name":"/srv/a","exclude_path_name":["/srv/a/tmp"]}]}
                """#
            let added = try await bench.call("POST", one + "/add-path", body)
            #expect(try document.problems(with: added.body, of: "AddAgentPath") == [])
            #expect(added.value("added") == ["/srv/a", "C:\\data"])
            let again = try await bench.call("POST", one + "/add-path", #"{"add_path":["/srv/b","/srv/a"]}"#)
            #expect(again.value("added") == ["/srv/b"] && again.value("existed") == ["/srv/a"])
            let shown = try await bench.call("GET", one)
            #expect(shown.value("agent.paths.0.dir_path") == "/srv/a")
            #expect(shown.value("agent.paths.0.exclude_paths") == #"["/srv/a/tmp"]"#)
            #expect(shown.value("agent.paths.0.status") == "available")
            #expect(shown.value("agent.paths", as: [Any].self)?.count == 3)
            let removed = try await bench.call("POST", one + "/remove-path", #"{"remove_path":["/srv/b","/srv/x"]}"#)
            #expect(try document.problems(with: removed.body, of: "RemoveAgentPath") == [])
            #expect(removed.value("removed") == ["/srv/b"] && removed.value("not_existed") == ["/srv/x"])
            let many = (0..<63).map { #""/srv/n\#($0)""# }.joined(separator: ",")
            let full = try await bench.call("POST", one + "/add-path", #"{"add_path":[\#(many)]}"#, expecting: 400)
            #expect(full.value("error_code") == "BackupService.7407")
            #expect(try await bench.call("GET", one).value("agent.paths", as: [Any].self)?.count == 2)
            for bad in [#"["relative"]"#, #"["/"]"#, "[]", #"["C:x"]"#] {
                _ = try await bench.call("POST", one + "/add-path", #"{"add_path":\#(bad)}"#, expecting: 400)
            }
            _ = try await bench.call(
                "POST", one + "/add-path", #"{"add_path":["/y"],"exclude_path":[{"path_name":"/z"}]}"#, expecting: 400)
            #expect(try await bench.call("GET", one).value("agent.paths", as: [Any].self)?.count == 2)
            _ = try await bench.call("DELETE", one)
            #expect(try await register(bench).value("agent.paths", as: [Any].self)?.isEmpty == true)
        }
    }

    @Test("resources are told whether they have an agent: by id, by host name, or not at all")
    func check() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            _ = try await register(bench)
            let (named, bare) = (try await bench.register("web-1"), try await bench.register("db-1"))
            func question(_ id: String) -> String { #"{"resource_id":"\#(id)","resource_type":"OS::Nova::Server"}"# }
            let ids = [named, bare, Self.id, "nobody"]
            let reply = try await bench.call(
                "POST", "/agent/check",
                #"{"agent_status":[\#(ids.map(question).joined(separator: ","))]}"#)
            #expect(try document.problems(with: reply.body, of: "CheckAgent") == [])
            let found = try #require(reply.value("agent_status", as: [[String: Any]].self))
            #expect(found.map { $0["resource_id"] as? String } == ids)
            #expect(found.map { $0["installed"] as? Bool } == [true, false, true, false])
            #expect(found.map { $0["code"] as? Int } == [nil, 7410, nil, 6302])
            #expect(found[0]["is_old"] as? Bool == true && found[0]["version"] as? String == "0.0.9")
            let unknown = #"{"agent_status":[{"resource_id":"x","resource_type":"Nothing"}]}"#
            #expect(
                try await bench.call("POST", "/agent/check", unknown, expecting: 400).value("error_code")
                    == "BackupService.6116")
        }
    }

    @Test("metadata names what is known, and is empty elsewhere; only of available backups")
    func metadata() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let volume = try await bench.register("disk-1")
            _ = try await bench.checkpoint(try await bench.vault(with: [volume]))
            let path = "/backups/" + (try await bench.call("GET", "/backups").text("backups.0.id")) + "/metadata"
            let early = try await bench.call("GET", path, expecting: 400)
            #expect(early.value("error_code") == "BackupService.6206")
            try await bench.work()
            let reply = try await bench.call("GET", path)
            #expect(try document.problems(with: reply.body, of: "ShowMetadata") == [])
            #expect(reply.value("server") == "{}" && reply.value("ports", as: [Any].self)?.isEmpty == true)
            #expect(try reply.text("volumes.0").contains(#""name":"disk-1""#))
            let missing = try await bench.call("GET", "/backups/x/metadata", expecting: 404)
            #expect(missing.value("error_code") == "BackupService.6200")
        }
    }
}
