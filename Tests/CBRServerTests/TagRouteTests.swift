import TestSupport
import Testing

@testable import CBRServer

@Suite("Tag calls answer as documented")
struct TagRouteTests {
    @Test("tags are added, replaced, shown and removed")
    func tags() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let tags = "/vault/\(try await bench.vault())/tags"
            _ = try await bench.call("POST", tags, #"{"tag":{"key":"a","value":"1"}}"#, expecting: 204)
            _ = try await bench.call(
                "POST", tags + "/action",
                #"{"action":"create","tags":[{"key":"a","value":"2"},{"key":"Ключ é","value":""},{"key":"c"}]}"#,
                expecting: 204)
            let shown = try await bench.call("GET", tags)
            #expect(try document.problems(with: shown.body, of: "ShowVaultTag").isEmpty)
            #expect(shown.value("tags.0.value") == "2")
            #expect(shown.value("tags", as: [Any].self)?.count == 3)
            let all = try await bench.call("GET", "/vault/tags")
            #expect(try document.problems(with: all.body, of: "ShowVaultProjectTag").isEmpty)
            #expect(all.value("tags.0.key") == "a" && all.value("tags", as: [Any].self)?.count == 3)
            _ = try await bench.call(
                "DELETE", tags + "/%D0%9A%D0%BB%D1%8E%D1%87%20%C3%A9", expecting: 204)
            // A key can't hold a slash, and an encoded one must not become another path.
            let missing = try await bench.call("DELETE", tags + "/a%2Fb", expecting: 404)
            #expect(missing.value("error_code") == "BackupService.6601")
            _ = try await bench.call(
                "POST", tags + "/action", #"{"action":"delete","tags":[{"key":"a"},{"key":"gone"}]}"#, expecting: 204)
            #expect(try await bench.call("GET", tags).value("tags", as: [Any].self)?.count == 1)
        }
    }

    @Test("searches give vaults or their number")
    func searches() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let (one, two) = (try await bench.vault("one"), try await bench.vault("two"))
            for id in [one, two] {
                _ = try await bench.call(
                    "POST", "/vault/\(id)/tags", #"{"tag":{"key":"name","value":"\#(id)"}}"#, expecting: 204)
            }
            let path = "/vault/resource_instances/action"
            let body = #""tags":[{"key":"name","values":["\#(one)"]}]}"#
            let found = try await bench.call("POST", path, #"{"action":"filter","limit":"10","offset":"0","# + body)
            let problems = try document.problems(
                with: found.body, of: "ShowVaultResourceInstances",
                ours: AnswerShapeTests.ours(["resources[].resource_detail.vault"]))
            #expect(problems.isEmpty)
            #expect(found.value("resources.0.resource_id") == one && found.value("total_count") == 1)
            let count = try await bench.call("POST", path, #"{"action":"count","# + body)
            #expect(count.value("total_count") == 1 && count.value("resources", as: [Any].self) == nil)
            for (body, number) in [
                (#"{"action":"filter","matches":[{"key":"resource_name","value":"tw"}]}"#, 1),
                (#"{"action":"count","without_any_tag":true}"#, 0), (#"{"action":"count","object_type":"server"}"#, 0),
                (#"{"action":"count","cloud_type":"public"}"#, 2), (#"{"action":"count","cloud_type":"hybrid"}"#, 0),
                (#"{"action":"filter","limit":1,"offset":5}"#, 2),
            ] { #expect(try await bench.call("POST", path, body).value("total_count") == number, "\(body)") }
            #expect(try await bench.call("GET", "/vaults?tags=name%3D\(one)").value("vaults.0.id") == one)
            #expect(try await bench.call("GET", "/vaults?tags=name").value("count") == 2)
            #expect(try await bench.call("GET", "/vaults?tags=name,other").value("count") == 0)
        }
    }

    @Test("what breaks a rule is refused with the field and the rule")
    func refusals() async throws {
        try await ServerBench.with { bench in
            let vault = "/vault/\(try await bench.vault())"
            for (path, body, field) in Self.broken {
                let target = path == "search" ? "/vault/resource_instances/action" : vault + path
                let reply = try await bench.call("POST", target, body, expecting: 400)
                #expect(reply.value("error_code") == "BackupService.9900")
                #expect(try reply.text("error_msg").contains(field), "\(body)")
            }
        }
    }

    private static let broken: [(path: String, body: String, field: String)] = [
        ("/tags", #"{}"#, "tag"), ("/tags", #"{"tag":{"key":"a"}}"#, "tag.value"),
        ("/tags", #"{"tag":{"key":"","value":""}}"#, "tag.key"),
        ("/tags", #"{"tag":{"key":"a/b","value":""}}"#, "tag.key"),
        ("/tags", #"{"tag":{"key":"a\u0000","value":""}}"#, "tag.key"),
        ("/tags", #"{"tag":{"key":"1234567890123456789012345678901234567","value":""}}"#, "tag.key"),
        ("/tags", #"{"tag":{"key":"a","value":"12345678901234567890123456789012345678901234"}}"#, "tag.value"),
        ("/tags/action", #"{"tags":[{"key":"a"}]}"#, "action"), ("/tags/action", #"{"action":"create"}"#, "tags"),
        ("/tags/action", #"{"action":"burn","tags":[{"key":"a"}]}"#, "action"),
        ("/tags/action", #"{"action":"create","tags":[]}"#, "tags"),
        ("/tags/action", #"{"action":"create","tags":[{"key":"a"},{"key":"a"}]}"#, "tags"),
        ("/tags/action", #"{"action":"create","sys_tags":[{"key":"a","value":"b"}],"tags":[{"key":"a"}]}"#, "sys"),
        ("search", #"{"action":"find"}"#, "action"), ("search", #"{"action":"count","limit":"1"}"#, "limit"),
        ("search", #"{"action":"filter","limit":"0"}"#, "limit"),
        ("search", #"{"action":"filter","offset":"-1"}"#, "offset"),
        ("search", #"{"action":"filter","tags":[{"key":"a"}]}"#, "tags[0].values"),
        ("search", #"{"action":"filter","tags":[{"key":"a","values":[]},{"key":"a","values":[]}]}"#, "tags"),
        ("search", #"{"action":"filter","matches":[{"key":"id","value":"x"}]}"#, "matches[0].key"),
        ("search", #"{"action":"filter","object_type":"tape"}"#, "object_type"),
    ]

    @Test("an eleventh tag in one call, and a twenty-first on one vault, are refused")
    func limits() async throws {
        try await ServerBench.with { bench in
            let path = "/vault/\(try await bench.vault())/tags/action"
            func body(_ range: Range<Int>) -> String {
                #"{"action":"create","tags":["#
                    + range.map { #"{"key":"k\#($0)","value":"v"}"# }.joined(separator: ",") + "]}"
            }
            _ = try await bench.call("POST", path, body(0..<11), expecting: 400)
            for start in [0, 10] { _ = try await bench.call("POST", path, body(start..<start + 10), expecting: 204) }
            let reply = try await bench.call("POST", path, body(20..<21), expecting: 400)
            #expect(reply.value("error_code") == "BackupService.6600")
        }
    }
}
