import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Identity

@Suite("Who may do what, where")
struct TenancyTests {
    @Test("the roles' rights", arguments: [(Role.admin, true, true), (.user, true, false), (.viewer, false, false)])
    func roles(role: Role, mayWrite: Bool, mayDeleteVaults: Bool) {
        #expect(role.mayWrite == mayWrite)
        #expect(role.mayDeleteVaults == mayDeleteVaults)
    }

    @Test("the role in a project is the one that was granted last", arguments: Role.allCases)
    func granted(role: Role) async throws {
        try await IdentityBench.with { bench in
            let user = try await bench.login().principal.user.id
            try await bench.service.grant(role, to: user, in: bench.project)
            for principal in [
                try await bench.login().principal, try await bench.service.authenticate(bench.signed()),
            ] {
                #expect(
                    try await bench.service.role(of: principal, in: bench.project, claimedProject: nil) == role)
            }
        }
    }

    @Test("a project without a role, one that is not there, and a disabled one are refused alike")
    func otherProjects() async throws {
        try await IdentityBench.with { bench in
            let other = try await bench.otherProject()
            let off = try await bench.otherProject("off")
            let user = try await bench.login().principal.user.id
            try await bench.service.grant(.admin, to: user, in: off.id)
            try await bench.service.setEnabled(false, project: off.id)
            let callers = [
                try await bench.login().principal, try await bench.service.authenticate(bench.signed()),
                try await bench.login(scope: .unscoped).principal,
            ]
            for principal in callers {
                for project in [other.id, off.id, ProjectID("none"), ProjectID("{project_id}")] {
                    do throws(IdentityError) {
                        _ = try await bench.service.role(of: principal, in: project, claimedProject: nil)
                        Issue.record("let into \(project)")
                    } catch {
                        #expect(error.code == .forbidden)
                        #expect(error.message == "you have no role in the project \(project)")
                    }
                }
            }
        }
    }

    @Test("a token is for its project only, a signature for all of its user's")
    func twoProjects() async throws {
        try await IdentityBench.with { bench in
            let other = try await bench.otherProject()
            let token = try await bench.login().principal
            try await bench.service.grant(.user, to: token.user.id, in: other.id)
            try await expectRefusal(.forbidden) {
                _ = try await bench.service.role(of: token, in: other.id, claimedProject: nil)
            }
            let signature = try await bench.service.authenticate(bench.signed())
            #expect(try await bench.service.role(of: signature, in: other.id, claimedProject: nil) == .user)
            #expect(
                try await bench.service.role(of: signature, in: bench.project, claimedProject: bench.project.text)
                    == .admin)
        }
    }

    @Test("an X-Project-Id that differs from the path is refused")
    func claimed() async throws {
        try await IdentityBench.with { bench in
            let principal = try await bench.login().principal
            try await expectRefusal(.forbidden) {
                _ = try await bench.service.role(of: principal, in: bench.project, claimedProject: "other")
            }
            _ = try await bench.service.role(of: principal, in: bench.project, claimedProject: "")
        }
    }

    @Test("names are unique, bounded and printable")
    func names() async throws {
        try await IdentityBench.with { bench in
            let domain = DomainID(bench.admin.domainID)
            let service = bench.service
            try await expectRefusal(.conflict) { _ = try await bench.otherProject(IdentityBench.region) }
            try await expectRefusal(.conflict) { _ = try await service.createUser(name: "admin", in: domain) }
            for name in ["", String(repeating: "x", count: 65), "a\u{1B}[2J", "a\nb"] {
                try await expectRefusal(.malformed) { _ = try await bench.otherProject(name) }
                try await expectRefusal(.malformed) { _ = try await service.createUser(name: name, in: domain) }
            }
            try await expectRefusal(.notFound) { try await service.grant(.user, to: UserID("x"), in: bench.project) }
            try await expectRefusal(.notFound) { _ = try await service.createAccessKey(for: UserID("x")) }
            try await expectRefusal(.notFound) { _ = try await service.rotatePassword(of: UserID("x")) }
            try await expectRefusal(.notFound) { try await service.deleteUser(UserID("x")) }
        }
    }
}
