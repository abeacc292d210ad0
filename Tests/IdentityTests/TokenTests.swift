import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Identity

@Suite("Tokens")
struct TokenTests {
    @Test("a token is for its user and project, for 24 hours and no longer")
    func lifetime() async throws {
        try await IdentityBench.with { bench in
            let token = try await bench.login()
            let principal = try await bench.service.authenticate(bench.bearing(token.text))
            #expect(principal.user.name == "admin")
            #expect(principal.project?.id == bench.project)

            bench.clock.advance(by: .seconds(24 * 3600 - 1))
            _ = try await bench.service.authenticate(bench.bearing(token.text))
            bench.clock.advance(by: .seconds(1))
            #expect(try await refusal(of: token, bench) == .unauthenticated)
        }
    }

    @Test("a revoked token is refused at once, and revoking it again finds nothing")
    func revoked() async throws {
        try await IdentityBench.with { bench in
            let token = try await bench.login()
            let other = try await bench.login()
            #expect(try await bench.service.revokeToken(token.text))
            #expect(try await refusal(of: token, bench) == .unauthenticated)
            #expect(try await refusal(of: other, bench) == nil)
            #expect(try await !bench.service.revokeToken(token.text))
        }
    }

    @Test("a token got with a token does not outlive it, and tokens that ended leave the catalog")
    func exchanged() async throws {
        try await IdentityBench.with { bench in
            let first = try await bench.login()
            bench.clock.advance(by: .seconds(20 * 3600))
            let second = try await bench.service.issueToken(
                TokenRequest(method: .token(first.text), scope: .project(bench.project)))
            guard case .token(let record) = second.principal.means else { throw IdentityBench.NotFirst() }
            #expect(record.methods == ["password", "token"])
            bench.clock.advance(by: .seconds(4 * 3600))
            #expect(try await refusal(of: second, bench) == .unauthenticated)

            bench.clock.advance(by: .seconds(1))
            _ = try await bench.login()
            let left = try await bench.catalog.read { try $0.query("SELECT hash FROM tokens").count }
            #expect(left == 1)
        }
    }

    @Test("tokens end with their user's account, password, role and project")
    func ended() async throws {
        try await IdentityBench.with { bench in
            let service = bench.service
            let user = try await bench.login().principal.user.id

            var token = try await bench.login()
            try await service.setEnabled(false, user: user)
            #expect(try await refusal(of: token, bench) == .unauthenticated)
            try await service.setEnabled(true, user: user)
            #expect(try await refusal(of: token, bench) == .unauthenticated, "disabling ended it for good")

            token = try await bench.login()
            try await service.setEnabled(false, project: bench.project)
            #expect(try await refusal(of: token, bench) == .unauthenticated)
            try await service.setEnabled(true, project: bench.project)

            token = try await bench.login()
            try await service.revokeRole(of: user, in: bench.project)
            #expect(try await refusal(of: token, bench) == .unauthenticated)
            try await service.grant(.admin, to: user, in: bench.project)

            token = try await bench.login()
            _ = try await service.rotatePassword(of: user)
            #expect(try await refusal(of: token, bench) == .unauthenticated)
            try await expectRefusal(.unauthenticated) { _ = try await bench.login() }

            try await service.deleteUser(user)
            #expect(try await service.users().isEmpty)
            #expect(try await service.accessKeys().isEmpty)
        }
    }

    @Test("tokens are refused when they are unknown, empty, too many, or huge")
    func strange() async throws {
        try await IdentityBench.with { bench in
            let token = try await bench.login().text
            for text in [token + "x", String(token.dropLast()), " ", String(repeating: "a", count: 30_000)] {
                let request = bench.bearing(text)
                try await expectRefusal(.unauthenticated) { _ = try await bench.service.authenticate(request) }
            }
            var twice = bench.bearing(token)
            twice.headers.append(("x-auth-token", token))
            try await expectRefusal(.unauthenticated) { _ = try await bench.service.authenticate(twice) }
            let nothing = SignedRequest(method: "GET", path: "/", query: "", headers: [], body: [])
            try await expectRefusal(.unauthenticated) { _ = try await bench.service.authenticate(nothing) }
        }
    }

    @Test("neither tokens, passwords nor secret keys lie in the catalog's files")
    func stored() async throws {
        try await IdentityBench.with { bench in
            let token = try await bench.login()
            let made = try await bench.service.createApplicationCredential(
                name: "job", description: "", secret: nil, expiresAt: nil, by: token.principal)
            let stored = try await bench.storedBytes()
            #expect(stored.range(of: Data("admin".utf8)) != nil, "the files are the ones that are looked into")
            for secret in [token.text, bench.admin.password, bench.admin.secretKey, made.secret] {
                #expect(stored.range(of: Data(secret.utf8)) == nil)
            }
        }
    }

    private func refusal(of token: IssuedToken, _ bench: IdentityBench) async throws -> IdentityError.Code? {
        try await code { _ = try await bench.service.authenticate(bench.bearing(token.text)) }
    }
}
