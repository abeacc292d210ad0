import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Identity

@Suite("Access keys")
struct AccessKeyTests {
    @Test("a signed request is its user's, and may name every project of the user")
    func signed() async throws {
        try await IdentityBench.with { bench in
            let principal = try await bench.service.authenticate(bench.signed())
            #expect(principal.user.name == "admin")
            #expect(principal.project == nil)
            let projects = try await bench.service.projects(of: principal)
            #expect(projects.map(\.name) == [IdentityBench.region], "what a client that knows its region looks up")
        }
    }

    @Test("a wrong secret, an unknown key, an old date and a temporary key's token are refused")
    func refused() async throws {
        try await IdentityBench.with { bench in
            var unknown = bench.signed()
            let last = unknown.headers.count - 1
            unknown.headers[last].value = unknown.headers[last].value.replacing(bench.admin.accessKey, with: "HFNONE")
            let old = bench.signed()
            let temporary = bench.signed(headers: [("X-Security-Token", "t")])
            for request in [bench.signed(secret: "wrong"), unknown, temporary] {
                try await expectRefusal(.unauthenticated) { _ = try await bench.service.authenticate(request) }
            }
            bench.clock.advance(by: .seconds(15 * 60))
            _ = try await bench.service.authenticate(old)
            bench.clock.advance(by: .seconds(1))
            try await expectRefusal(.unauthenticated) { _ = try await bench.service.authenticate(old) }
        }
    }

    @Test("a key that another process disables, enables or deletes is obeyed at the next request")
    func otherProcess() async throws {
        try await IdentityBench.with { bench in
            let catalog = try await IdentityBench.open(bench.place, bench.clock)
            let other = IdentityService(
                catalog: catalog, box: IdentityBench.box(bench.clock), seams: bench.clock.seams)
            defer { other.close() }
            func refusal() async throws -> IdentityError.Code? {
                let request = bench.signed()
                return try await code { _ = try await bench.service.authenticate(request) }
            }
            #expect(try await refusal() == nil)
            try await other.setEnabled(false, accessKey: bench.admin.accessKey)
            #expect(try await refusal() == .unauthenticated)
            try await other.setEnabled(true, accessKey: bench.admin.accessKey)
            #expect(try await refusal() == nil)
            try await other.deleteAccessKey(bench.admin.accessKey)
            #expect(try await refusal() == .unauthenticated)
        }
    }

    @Test("rotating gives a new key that works and ends the old one")
    func rotated() async throws {
        try await IdentityBench.with { bench in
            let (key, secret) = try await bench.service.rotateAccessKey(bench.admin.accessKey)
            try await expectRefusal(.unauthenticated) { _ = try await bench.service.authenticate(bench.signed()) }
            let request = RequestSigner(accessKey: key.accessKey, secret: secret).signed(
                SignedRequest(method: "GET", path: "/v3", query: "", headers: [], body: []), at: bench.clock.seams.now()
            )
            _ = try await bench.service.authenticate(request)
            #expect(try await bench.service.accessKeys().map(\.accessKey) == [key.accessKey])
        }
    }

    @Test("the keys of a disabled user are refused")
    func disabledUser() async throws {
        try await IdentityBench.with { bench in
            let user = try await bench.service.authenticate(bench.signed()).user.id
            try await bench.service.setEnabled(false, user: user)
            try await expectRefusal(.unauthenticated) { _ = try await bench.service.authenticate(bench.signed()) }
        }
    }

    @Test("with another secrets key no signature is accepted, and the failure is the server's")
    func wrongBox() async throws {
        try await IdentityBench.with { bench in
            let other = IdentityService(
                catalog: bench.catalog, box: IdentityBench.box(bench.clock, fill: 8), seams: bench.clock.seams)
            defer { other.close() }
            let failure = try await code { _ = try await other.authenticate(bench.signed()) }
            #expect(failure == .secretUnreadable)
        }
    }
}
