import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Identity

@Suite("Logins")
struct LoginTests {
    @Test("a user is named by id, or by name with the domain's name or id")
    func names() async throws {
        try await IdentityBench.with { bench in
            let admin = bench.admin
            let user = try await bench.login().principal.user
            let names: [TokenRequest.UserName] = [
                .id(user.id), .named("admin", domain: .named(admin.domainName)),
                .named("admin", domain: .id(DomainID(admin.domainID))),
            ]
            for name in names {
                let token = try await bench.service.issueToken(
                    TokenRequest(method: .password(name, password: admin.password), scope: .unscoped))
                #expect(token.principal.user.id == user.id)
                #expect(token.principal.project == nil)
            }
        }
    }

    @Test("whatever is wrong with a login, the answer is the same")
    func wrong() async throws {
        try await IdentityBench.with { bench in
            let admin = bench.admin
            let other = try await bench.otherProject()
            let domain = TokenRequest.DomainName.named(admin.domainName)
            let right = TokenRequest.Method.password(bench.adminName, password: admin.password)
            let wrong: [TokenRequest] = [
                .init(method: .password(bench.adminName, password: "wrong"), scope: .unscoped),
                .init(method: .password(bench.adminName, password: ""), scope: .unscoped),
                .init(method: .password(.named("nobody", domain: domain), password: admin.password), scope: .unscoped),
                .init(
                    method: .password(.named("admin", domain: .named("x")), password: admin.password), scope: .unscoped),
                .init(method: .password(.id(UserID("x")), password: admin.password), scope: .unscoped),
                .init(method: right, scope: .project(other.id)), .init(method: right, scope: .project(ProjectID("x"))),
                .init(method: right, scope: .projectNamed("other", domain: domain)),
                .init(method: right, scope: .projectNamed(admin.projectName, domain: .named("x"))),
                .init(method: right, scope: .domain(.named("x"))), .init(method: .token("x"), scope: .unscoped),
                .init(method: .applicationCredential(.id("x"), secret: "x"), scope: .unspecified),
                .init(
                    method: .applicationCredential(.named("x", user: bench.adminName), secret: "x"),
                    scope: .unspecified),
            ]
            for request in wrong {
                do throws(IdentityError) {
                    _ = try await bench.service.issueToken(request)
                    Issue.record("accepted: \(request)")
                } catch {
                    #expect(error.code == .unauthenticated)
                    #expect(error.message == "The request you have made requires authentication.")
                    #expect(!"\(error)".contains(admin.password), "not even the log learns what was given")
                }
            }
        }
    }

    @Test("scopes: a project by id or name, the domain, none, or the only project there is")
    func scopes() async throws {
        try await IdentityBench.with { bench in
            let domain = TokenRequest.DomainName.id(DomainID(bench.admin.domainID))
            #expect(try await bench.login(scope: .project(bench.project)).principal.project?.id == bench.project)
            let named = try await bench.login(scope: .projectNamed(IdentityBench.region, domain: domain))
            #expect(named.principal.project?.id == bench.project)
            let whole = try await bench.login(scope: .domain(domain)).principal
            #expect(whole.isDomainScoped && whole.project == nil)
            #expect(try await bench.login(scope: .unscoped).principal.project == nil)
            #expect(try await bench.login().principal.project?.id == bench.project)

            let other = try await bench.otherProject()
            #expect(try await bench.login().principal.project?.id == bench.project, "it has no role in the other")
            try await bench.service.grant(.viewer, to: named.principal.user.id, in: other.id)
            #expect(try await bench.login().principal.project == nil, "with two, none is the default")
            #expect(try await bench.login(scope: .project(other.id)).principal.project?.id == other.id)
        }
    }

    @Test("a disabled user cannot log in")
    func disabled() async throws {
        try await IdentityBench.with { bench in
            let user = try await bench.login().principal.user.id
            try await bench.service.setEnabled(false, user: user)
            try await expectRefusal(.unauthenticated) { _ = try await bench.login() }
        }
    }

    /// Goal: guessing passwords at full speed takes bounded memory and threads, and stops nobody who has a token.
    /// Method: both threads are held, so that 300 logins find 64 places to wait, whatever the machine is busy with.
    @Test("a flood of logins is refused beyond a bound, and others go on")
    func flood() async throws {
        try await IdentityBench.with { bench in
            let token = try await bench.login()
            let gate = DispatchSemaphore(value: 0)
            let (held, holds) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: IdentityError.Code?.self) { group in
                let threads = bench.service.passwordThreads
                for _ in 0..<2 {
                    group.addTask {
                        try await threads.run {
                            holds.yield()
                            _ = gate.wait(timeout: .now() + .seconds(120))
                        }
                        return nil
                    }
                }
                for await _ in held.prefix(2) {}
                for _ in 0..<300 {
                    group.addTask {
                        try await code {
                            _ = try await bench.service.issueToken(
                                TokenRequest(method: .password(bench.adminName, password: "guess"), scope: .unscoped))
                        }
                    }
                }
                for _ in 0..<(300 - 64) { #expect(try await group.next() == .busy) }
                _ = try await bench.service.authenticate(bench.bearing(token.text))
                for _ in 0..<2 { gate.signal() }
                var codes: [IdentityError.Code?] = []
                for try await code in group { codes.append(code) }
                #expect(codes.count { $0 == .unauthenticated } == 64)
            }
            _ = try await bench.login()
        }
    }
}
