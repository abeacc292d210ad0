import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Identity

@Suite("Application credentials")
struct ApplicationCredentialTests {
    @Test("it logs in by id, or by name and user, into its project only")
    func login() async throws {
        try await IdentityBench.with { bench in
            let made = try await make(bench)
            let names: [TokenRequest.CredentialName] = [.id(made.id), .named("job", user: bench.adminName)]
            for name in names {
                let token = try await bench.service.issueToken(
                    TokenRequest(method: .applicationCredential(name, secret: made.secret), scope: .unspecified))
                #expect(token.principal.project?.id == bench.project)
                #expect(try await bench.service.projects(of: token.principal).map(\.id) == [bench.project])
            }
            let wrong = TokenRequest(method: .applicationCredential(.id(made.id), secret: "x"), scope: .unspecified)
            try await expectRefusal(.unauthenticated) { _ = try await bench.service.issueToken(wrong) }
        }
    }

    @Test("its token can't become one for another project, nor make another credential")
    func confined() async throws {
        try await IdentityBench.with { bench in
            let made = try await make(bench)
            let other = try await bench.otherProject()
            let user = try await bench.login().principal.user.id
            try await bench.service.grant(.admin, to: user, in: other.id)
            var token = try await login(bench, made)
            for scope in [
                TokenRequest.Scope.project(other.id), .unscoped, .domain(.id(DomainID(bench.admin.domainID))),
            ] {
                token = try await bench.service.issueToken(TokenRequest(method: .token(token.text), scope: scope))
                #expect(token.principal.project?.id == bench.project)
                #expect(!token.principal.isDomainScoped)
            }
            let principal = token.principal
            try await expectRefusal(.forbidden) {
                _ = try await bench.service.createApplicationCredential(
                    name: "more", description: "", secret: nil, expiresAt: nil, by: principal)
            }
        }
    }

    @Test("deleting it ends its tokens, however they were got, and no others")
    func deleted() async throws {
        try await IdentityBench.with { bench in
            let made = try await make(bench)
            let direct = try await login(bench, made)
            let exchanged = try await bench.service.issueToken(
                TokenRequest(method: .token(direct.text), scope: .unspecified))
            let own = try await bench.login()
            try await expectRefusal(.forbidden) {
                try await bench.service.deleteApplicationCredential(made.id, by: direct.principal)
            }
            try await bench.service.deleteApplicationCredential(made.id, by: own.principal)
            for token in [direct, exchanged] {
                try await expectRefusal(.unauthenticated) {
                    _ = try await bench.service.authenticate(bench.bearing(token.text))
                }
            }
            _ = try await bench.service.authenticate(bench.bearing(own.text))
            try await expectRefusal(.unauthenticated) { _ = try await login(bench, made) }
        }
    }

    @Test("another user's credential can't be deleted")
    func foreign() async throws {
        try await IdentityBench.with { bench in
            let made = try await make(bench)
            let domain = DomainID(bench.admin.domainID)
            let (_, password) = try await bench.service.createUser(name: "other", in: domain)
            let other = try await bench.service.issueToken(
                TokenRequest(
                    method: .password(.named("other", domain: .id(domain)), password: password), scope: .unscoped))
            try await expectRefusal(.notFound) {
                try await bench.service.deleteApplicationCredential(made.id, by: other.principal)
            }
            _ = try await login(bench, made)
        }
    }

    @Test("it ends when it says, and its tokens with it")
    func expiry() async throws {
        try await IdentityBench.with { bench in
            let made = try await make(bench, expiresIn: .seconds(3600))
            let token = try await login(bench, made)
            bench.clock.advance(by: .seconds(3600))
            try await expectRefusal(.unauthenticated) {
                _ = try await bench.service.authenticate(bench.bearing(token.text))
            }
            try await expectRefusal(.unauthenticated) { _ = try await login(bench, made) }
        }
    }

    @Test("names are taken once, lengths are bounded, and an end in the past is refused")
    func rules() async throws {
        try await IdentityBench.with { bench in
            _ = try await make(bench)
            try await expectRefusal(.conflict) { _ = try await make(bench) }
            try await expectRefusal(.malformed) { _ = try await make(bench, name: "") }
            try await expectRefusal(.malformed) { _ = try await make(bench, name: String(repeating: "n", count: 256)) }
            try await expectRefusal(.malformed) { _ = try await make(bench, name: "b", secret: "short") }
            try await expectRefusal(.malformed) { _ = try await make(bench, name: "c", expiresIn: .zero) }
            let unscoped = try await bench.login(scope: .unscoped).principal
            try await expectRefusal(.forbidden) {
                _ = try await bench.service.createApplicationCredential(
                    name: "d", description: "", secret: nil, expiresAt: nil, by: unscoped)
            }
        }
    }

    private func make(
        _ bench: IdentityBench, name: String = "job", secret: String? = nil, expiresIn: Duration? = nil
    ) async throws -> (id: String, secret: String) {
        let end = expiresIn.map { Instant(bench.clock.seams.now()).adding($0) }
        let made = try await bench.service.createApplicationCredential(
            name: name, description: "nightly", secret: secret, expiresAt: end,
            by: try await bench.login(scope: .project(bench.project)).principal)
        return (made.credential.id, made.secret)
    }

    private func login(_ bench: IdentityBench, _ made: (id: String, secret: String)) async throws -> IssuedToken {
        try await bench.service.issueToken(
            TokenRequest(method: .applicationCredential(.id(made.id), secret: made.secret), scope: .unspecified))
    }
}
