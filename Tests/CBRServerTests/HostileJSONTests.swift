import Foundation
import HTTPTypes
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("JSON that no good client sends")
struct HostileJSONTests {
    /// Goal: whatever body arrives, the answer is right or a refusal that says why, never a fault.
    /// Method: every route that takes a body, with made-up JSON of the words that the interface knows.
    @Test("made-up bodies are carried out or refused, never a fault of the server", arguments: UInt64(1)...6)
    func madeUp(seed: UInt64) async throws {
        try await ServerBench.with { bench in
            var random = SeededGenerator(seed: seed)
            let token = try await bench.token()
            let made = try await bench.bearing(token, "POST", bench.vaults, body: RouteAccessTests.vault)
            let vault = try #require(made.value("vault.id", as: String.self))
            for route in bench.routes
            where route.access != .open && route.method != .get && route.method != .delete {
                for _ in 0..<8 {
                    let body = Self.document(&random, vault: vault)
                    let id = Bool.random(using: &random) ? vault : "x"
                    let target = route.target(project: bench.admin.projectID, id: id)
                    let reply = try await bench.bearing(token, route.method.rawValue, target, body: body)
                    #expect(reply.status < 500, "\(route.method) \(target) \(body)")
                    guard reply.status >= 400, route.style == .cbr else { continue }
                    #expect(reply.value("error_code", as: String.self)?.isEmpty == false)
                    #expect(reply.value("error_msg", as: String.self)?.isEmpty == false)
                }
            }
        }
    }

    @Test(
        "what is no JSON object, or not what it should be, is a 400 that says so",
        arguments: [
            "", " ", "{", "}", "[]", "null", "1", "\"x\"", "{\"vault\":", "{\"vault\":[]}", "{\"vault\":null}",
            "{\"vault\":{}}", "{'vault':{}}", "{\"vault\":{\"name\":1}}", "\u{FEFF}{",
            "{\"vault\":{\"name\":\"\\uD800\"}}",
            String(repeating: "[", count: 100_000), String(repeating: "{\"vault\":", count: 50_000),
            "{\"vault\":{\"billing\":{\"size\":1e400}}}", "{\"a\":1}{\"b\":2}",
        ])
    func malformed(body: String) async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            let reply = try await bench.bearing(token, "POST", bench.vaults, body: body)
            #expect(reply.status == 400)
            #expect(reply.value("error_code", as: String.self)?.isEmpty == false)
            #expect(reply.value("error_msg", as: String.self)?.isEmpty == false)
        }
    }

    @Test("bytes that are no UTF-8 are a 400")
    func notUTF8() async throws {
        try await ServerBench.with { bench in
            let token = try await bench.token()
            for bytes: [UInt8] in [
                [0xFF, 0xFE], Array("{\"vault\":{\"name\":\"".utf8) + [0xC3, 0x28] + Array("\"}}".utf8), [0],
            ] {
                let reply = try await bench.http.send(
                    "POST", bench.vaults, headers: [("X-Auth-Token", token), ("Content-Type", "application/json")],
                    body: bytes)
                #expect(reply.status == 400)
            }
        }
    }

    // MARK: Made-up documents

    private static func document(_ random: inout SeededGenerator, vault: String) -> String {
        let top = ["vault", "checkpoint", "backup", "restore", "resource", "resources", "resource_ids", "policy"]
        let name = top.randomElement(using: &random) ?? "vault"
        return
            "{\"\(name)\":\(value(&random, depth: 0, vault: vault)),\"\(word(&random))\":\(value(&random, depth: 2, vault: vault))}"
    }

    private static func value(_ random: inout SeededGenerator, depth: Int, vault: String) -> String {
        switch Int.random(in: 0...(depth < 4 ? 9 : 6), using: &random) {
        case 0: return ["null", "true", "false", "{}", "[]", "\"\""].randomElement(using: &random) ?? "null"
        case 1:
            return ["0", "-1", "1", "10", "10485761", "1.5", "1e3", "1e308", "9223372036854775808"].randomElement(
                using: &random) ?? "0"
        case 2: return "\"\(vault)\""
        case 3: return "\"\(String(repeating: "x", count: Int.random(in: 0...300, using: &random)))\""
        case 4:
            return [
                "\"OS::Cinder::Volume\"", "\"OS::Sfs::Turbo\"", "\"disk\"", "\"turbo\"", "\"backup\"", "\"a\\u0000b\"",
                "\"\\ud83d\\ude00\"", "\"../..\"", "\"file:///etc/passwd\"",
            ].randomElement(using: &random) ?? "\"\""
        case 5, 6: return "\"v\(UInt16.random(in: 0...999, using: &random))\""
        case 7:
            let items = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                value(&random, depth: depth + 1, vault: vault)
            }
            return "[" + items.joined(separator: ",") + "]"
        default:
            let fields = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                "\"\(word(&random))\":\(value(&random, depth: depth + 1, vault: vault))"
            }
            return "{" + fields.joined(separator: ",") + "}"
        }
    }

    private static func word(_ random: inout SeededGenerator) -> String {
        [
            "name", "description", "vault_id", "parameters", "auto_trigger", "incremental", "resources",
            "resource_details", "id", "type", "extra_info", "exclude_volumes", "billing", "size", "object_type",
            "protect_type", "consistent_level", "charging_mode", "tags", "key", "value", "bind_rules", "auto_bind",
            "auto_expand", "threshold", "smn_notify", "locked", "enterprise_project_id", "mappings", "volume_id",
            "server_id", "power_on", "details", "destination_path", "resource_id", "location", "suspend", "action",
        ].randomElement(using: &random) ?? "name"
    }
}
