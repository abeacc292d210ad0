import Catalog
import HoldfastCore
import TestSupport
import Testing

@testable import ControlPlane

@Suite("A domain gives policies to its projects, and they keep them")
struct OrganizationTests {
    private static let daily = ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00"]

    private static func draft(
        _ scope: String? = nil, kind: PolicyKind = .backup, keeps count: Int = 5, region: String? = nil
    ) -> OrganizationPolicyDraft {
        var definition = PolicyDefinition()
        definition.maxBackups = count
        definition.destinationRegion = region
        definition.destinationProject = region.map { _ in FarRegion.project.text }
        return OrganizationPolicyDraft(
            name: "all", scope: scope,
            policy: PolicyDraft(name: "nightly", kind: kind, definition: definition, pattern: daily))
    }

    private func copies(_ world: World, _ caller: Caller) async throws -> [PolicyRecord] {
        try await world.control.listPolicies(by: caller).map(\.record)
    }

    private func rollout(_ world: World, _ id: OrganizationPolicyID) async throws -> [PolicyRollout] {
        try await world.control.organizationRollout(id, limit: 100, offset: 0, by: World.admin).rows
    }

    @Test("every project that is switched on has its copy, and one made later gets it; another domain gets none")
    func everyone() async throws {
        try await World.with { world in
            let asleep = World.record(ProjectID("a51eeb"), isEnabled: false)
            let foreign = ProjectRecord(
                id: ProjectID("f0e1"), domain: DomainID("elsewhere"), name: "foreign", description: "",
                isEnabled: true, createdAt: Instant(microseconds: 1))
            try await world.makeProjects([asleep])
            try await world.catalog.write { transaction in
                try transaction.insert(
                    DomainRecord(id: foreign.domain, name: "elsewhere", createdAt: Instant(microseconds: 2)))
                try transaction.insert(foreign)
            }
            let made = try await world.control.createOrganizationPolicy(Self.draft(), by: World.admin)
            #expect(made.isEverywhere && made.domain.id == World.domain)
            for caller in [World.admin, World.member, World.third] {
                let copy = try #require(try await copies(world, caller).first)
                #expect(copy.origin == .organization && copy.name == "nightly" && copy.timing.pattern == Self.daily)
                #expect(copy.id.text != made.record.id.text)
            }
            #expect(try await rollout(world, made.record.id).count == 3)
            #expect(try await world.control.rollOut() == 0, "nothing is left to do")
            try await world.catalog.write { _ = try $0.setEnabled(true, project: asleep.id) }
            #expect(try await world.control.rollOut() == 1)
            #expect(try await rollout(world, made.record.id).allSatisfy { $0.status == .success })
            let waking = Caller(project: asleep.id, user: nil, role: .admin, requestID: "r")
            #expect(try await copies(world, waking).count == 1)
            // It sleeps again, and waits with what it has: that is no failure.
            try await world.catalog.write { _ = try $0.setEnabled(false, project: asleep.id) }
            var change = OrganizationPolicyChange()
            change.policy.name = "weekly"
            let changed = try await world.control.updateOrganizationPolicy(made.record.id, change, by: World.admin)
            #expect(changed.isEverywhere)
            #expect(try await copies(world, waking).map(\.name) == ["nightly"])
            let other = Caller(project: foreign.id, user: nil, role: .admin, requestID: "r")
            #expect(try await copies(world, other).isEmpty)
            await expectRefused(.policyNotFound) {
                _ = try await world.control.showOrganizationPolicy(made.record.id, by: other)
            }
        }
    }

    @Test("only the admin role of the domain's first project manages them")
    func managers() async throws {
        try await World.with { world in
            try await world.makeProjects()
            for caller in [World.user, World.viewer, World.member] {
                await expectRefused(.forbidden) {
                    _ = try await world.control.createOrganizationPolicy(Self.draft(), by: caller)
                }
            }
            let id = try await world.control.createOrganizationPolicy(Self.draft(), by: World.admin).record.id
            for caller in [World.user, World.member] {
                await expectRefused(.forbidden) {
                    _ = try await world.control.updateOrganizationPolicy(id, .init(), by: caller)
                }
                await expectRefused(.forbidden) {
                    try await world.control.deleteOrganizationPolicy(id, by: caller)
                }
            }
            await expectRefused(.forbidden) {
                _ = try await world.control.showOrganizationPolicy(id, by: World.member)
            }
            #expect(try await world.control.showOrganizationPolicy(id, by: World.viewer).record.id == id)
            let unknown = OrganizationPolicyID("nothing")
            await expectRefused(.policyNotFound) {
                _ = try await world.control.showOrganizationPolicy(unknown, by: World.admin)
            }
            await expectRefused(.policyNotFound) {
                try await world.control.deleteOrganizationPolicy(unknown, by: World.admin)
            }
        }
    }

    @Test("a copy runs as a project's own policy, which can't change or delete it, and changes with the domain's")
    func copy() async throws {
        try await World.with { world in
            try await world.makeProjects()
            let id = try await world.control.createOrganizationPolicy(Self.draft(), by: World.admin).record.id
            let copy = try #require(try await copies(world, World.member).first)
            let vault = try await world.vault(of: World.member)
            _ = try await world.control.associate([copy.id], with: vault, destination: nil, by: World.member)
            var rename = PolicyChange()
            rename.name = "mine"
            await expectRefused(.policyUnusable) {
                _ = try await world.control.updatePolicy(copy.id, rename, by: World.member)
            }
            await expectRefused(.policyUnusable) { try await world.control.deletePolicy(copy.id, by: World.member) }
            let user = Caller(project: World.member.project, user: UserID("n"), role: .user, requestID: "r")
            await expectRefused(.policyUnusable) {
                try await world.control.dissociate(copy.id, from: vault, by: user)
            }
            var change = OrganizationPolicyChange()
            change.policy.name = "weekly"
            change.policy.isEnabled = false
            change.policy.pattern = ["FREQ=WEEKLY;BYDAY=MO;BYHOUR=4;BYMINUTE=00"]
            let changed = try await world.control.updateOrganizationPolicy(id, change, by: World.admin)
            #expect(changed.isEverywhere && changed.record.version == 2)
            let after = try await world.control.showPolicy(copy.id, by: World.member)
            #expect(after.record.name == "weekly" && !after.record.isEnabled && after.record.origin == .organization)
            #expect(after.record.timing.pattern == change.policy.pattern)
            #expect(after.record.timing.id == copy.timing.id)
            #expect(after.record.definition == copy.definition, "what was not named stays")
            #expect(after.bindings.map(\.vault) == [vault])
            try await world.control.dissociate(copy.id, from: vault, by: World.member)
            #expect(try await copies(world, World.member).count == 1, "it can be bound again")
        }
    }

    @Test("what is deleted or narrowed in the domain goes on for vaults that it holds for, and for no others")
    func withdrawal() async throws {
        try await World.with { world in
            try await world.makeProjects()
            let id = try await world.control.createOrganizationPolicy(Self.draft("all"), by: World.admin).record.id
            let copy = try #require(try await copies(world, World.member).first)
            let (vault, next) = (try await world.vault(of: World.member), try await world.vault(of: World.member))
            _ = try await world.control.associate([copy.id], with: vault, destination: nil, by: World.member)
            var narrower = OrganizationPolicyChange()
            narrower.scope = World.project.text
            _ = try await world.control.updateOrganizationPolicy(id, narrower, by: World.admin)
            #expect(try await copies(world, World.third).isEmpty)
            #expect(try await copies(world, World.admin).map(\.origin) == [.organization])
            let kept = try await world.control.showPolicy(copy.id, by: World.member)
            #expect(kept.record.origin == .removed && kept.bindings.map(\.vault) == [vault])
            await expectRefused(.policyUnusable) {
                _ = try await world.control.associate([copy.id], with: next, destination: nil, by: World.member)
            }
            try await world.control.deleteOrganizationPolicy(id, by: World.admin)
            #expect(try await copies(world, World.admin).isEmpty)
            #expect(try await world.control.showPolicy(copy.id, by: World.member).record.origin == .removed)
            try await world.control.dissociate(copy.id, from: vault, by: World.member)
            #expect(try await copies(world, World.member).isEmpty, "it goes with its last vault")
        }
    }

    @Test("a project that is full is written down with the reason, and gets its copy when it has room")
    func full() async throws {
        try await World.with { world in
            try await world.makeProjects()
            var own: [PolicyID] = []
            for number in 0..<PolicyRules.policiesMax {
                let draft = PolicyDraft(
                    name: "p\(number)", kind: .backup, definition: PolicyDefinition(), pattern: Self.daily)
                own.append(try await world.control.createPolicy(draft, by: World.member).record.id)
            }
            let made = try await world.control.createOrganizationPolicy(Self.draft(), by: World.admin)
            #expect(!made.isEverywhere)
            let failed = try await rollout(world, made.record.id).filter { $0.status == .failed }
            #expect(failed.map(\.project) == [World.member.project] && failed.first?.policy == nil)
            #expect(failed.first?.reason?.contains("\(PolicyRules.policiesMax)") == true)
            #expect(try await world.control.rollOut() == 0)
            try await world.control.deletePolicy(own[0], by: World.member)
            #expect(try await world.control.rollOut() == 1)
            #expect(try await world.control.showOrganizationPolicy(made.record.id, by: World.admin).isEverywhere)
        }
    }

    @Test(
        "a scope that names no project, or a pattern that never runs, is refused with its field",
        arguments: [
            ("nowhere", Self.daily, "policy.effective_scope"),
            ("\(World.project.text),", Self.daily, "policy.effective_scope"),
            ("all", ["FREQ=NEVER"], "policy.policy_trigger.properties.pattern[0]"),
        ])
    func invalid(scope: String, pattern: [String], field: String) async throws {
        try await World.with { world in
            try await world.makeProjects()
            var draft = Self.draft(scope)
            draft.policy.pattern = pattern
            do {
                _ = try await world.control.createOrganizationPolicy(draft, by: World.admin)
                Issue.record("it was not refused")
            } catch let error as ControlError {
                #expect(error.code == .invalid && error.facts["field"] == field, "\(error.message)")
            }
            #expect(try await copies(world, World.admin).isEmpty)
        }
    }

    @Test("projects are named by id or name; the region of replicas is fixed while a copy holds for a vault anywhere")
    func scopeAndRegion() async throws {
        try await World.with(peers: FarRegion(of: World.member.project)) { world in
            try await world.makeProjects()
            let third = World.third.project.text
            let draft = Self.draft("\(World.member.project), \(third)", kind: .replication, region: "south-1")
            let id = try await world.control.createOrganizationPolicy(draft, by: World.admin).record.id
            #expect(try await copies(world, World.admin).isEmpty)
            let copy = try #require(try await copies(world, World.member).first)
            let vault = try await world.vault(of: World.member)
            let binding = try await world.control.associate(
                [copy.id], with: vault, destination: FarRegion.vault, by: World.member)
            #expect(binding.count == 1)
            var move = OrganizationPolicyChange()
            move.policy.definition = draft.policy.definition
            move.policy.definition?.destinationRegion = "north-1"
            await expectRefused(.policyRegionFixed) {
                _ = try await world.control.updateOrganizationPolicy(id, move, by: World.admin)
            }
            #expect(
                try await world.control.showPolicy(copy.id, by: World.member).record.definition.destinationRegion
                    == "south-1")
        }
    }
}
