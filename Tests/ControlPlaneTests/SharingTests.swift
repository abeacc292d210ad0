import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("A backup is shared by its owner, and answered by whom it is shared with")
struct SharingTests {
    private func see(_ world: World, _ ownership: BackupOwnership, _ caller: Caller, _ status: MemberStatus? = nil)
        async throws -> [BackupID]
    {
        var filter = BackupFilter()
        (filter.ownership, filter.memberStatus) = (ownership, status)
        return try await world.control.listBackups(filter, by: caller).rows.map(\.record.id)
    }

    @Test("members are pending at first; the owner sees all of them, each member itself, and others nothing")
    func sight() async throws {
        try await World.with { world in
            try await world.makeProjects()
            let backup = try await world.madeBackup()
            let other = try await world.madeBackup(of: "other", in: backup.vault)
            let added = try await world.control.shareBackup(
                backup.id, with: ShareDraft(projects: [World.third.project, World.member.project]), by: World.user)
            #expect(added.map(\.project) == [World.third.project, World.member.project])
            #expect(added.allSatisfy { $0.state == .pending && $0.owner == World.project })
            #expect(try await world.control.listMembers(of: backup.id, by: World.viewer).count == 2)
            let own = try await world.control.listMembers(of: backup.id, by: World.member)
            #expect(own.rows.map(\.project) == [World.member.project])
            await expectRefused(.memberNotFound) {
                _ = try await world.control.showMember(World.third.project, of: backup.id, by: World.member)
            }
            await expectRefused(.backupNotFound) {
                _ = try await world.control.listMembers(of: other.id, by: World.member)
            }
            #expect(try await see(world, .own, World.member).isEmpty)
            #expect(try await see(world, .shared, World.member) == [backup.id])
            #expect(try await see(world, .all, World.member) == [backup.id])
            #expect(try await see(world, .shared, World.member, .accepted).isEmpty)
            #expect(try await see(world, .shared, World.admin).isEmpty)
            #expect(Set(try await see(world, .all, World.admin)) == [other.id, backup.id])
            #expect(try await see(world, .own, World.admin, .pending).isEmpty, "own backups have no status as members")
            let shown = try await world.control.showBackup(backup.id, by: World.member)
            #expect(shown.vault == nil && shown.share?.project == World.member.project)
        }
    }

    @Test(
        "only an available backup of one's own is shared, with other projects that are switched on, each once, all or none"
    )
    func targets() async throws {
        try await World.with { world in
            let asleep = World.record(ProjectID("a51eeb"), isEnabled: false)
            try await world.makeProjects([asleep])
            let backup = try await world.madeBackup()
            for target in [World.project, asleep.id, ProjectID("unknown")] {
                await expectRefused(.badShareTarget) {
                    let draft = ShareDraft(projects: [World.third.project, target])
                    _ = try await world.control.shareBackup(backup.id, with: draft, by: World.admin)
                }
            }
            await expectRefused(.invalid) {
                let draft = ShareDraft(projects: [World.third.project, World.third.project])
                _ = try await world.control.shareBackup(backup.id, with: draft, by: World.admin)
            }
            await expectRefused(.forbidden) {
                let draft = ShareDraft(projects: [World.third.project])
                _ = try await world.control.shareBackup(backup.id, with: draft, by: World.viewer)
            }
            #expect(try await world.control.listMembers(of: backup.id, by: World.admin).count == 0)
            try await world.share(backup.id, with: World.member)
            await expectRefused(.sharedAlready) { try await world.share(backup.id, with: World.third, World.member) }
            _ = try await world.control.answerShare(
                of: backup.id, for: World.member.project, .reject, by: World.member)
            await expectRefused(.shareRejected) { try await world.share(backup.id, with: World.member) }
            #expect(try await world.control.listMembers(of: backup.id, by: World.admin).count == 1)
            let running = try await world.checkpoint(backup.vault).resources[0].backup.id
            await expectRefused(.backupNotShareable) { try await world.share(running, with: World.third) }
        }
    }

    @Test("a domain stands for its projects, the owner's own domain alone, and ten members are the most")
    func limits() async throws {
        try await World.with { world in
            let more = (0..<8).map { World.record(ProjectID("more-\($0)")) }
            try await world.makeProjects(more)
            let backup = try await world.madeBackup()
            await expectRefused(.badShareTarget) {
                let draft = ShareDraft(projects: [], domains: [DomainID("elsewhere")])
                _ = try await world.control.shareBackup(backup.id, with: draft, by: World.admin)
            }
            let added = try await world.control.shareBackup(
                backup.id, with: ShareDraft(projects: [], domains: [World.domain]), by: World.admin)
            #expect(added.count == 10 && !added.map(\.project).contains(World.project))
            let one = World.record(ProjectID("one-more"))
            try await world.catalog.write { try $0.insert(one) }
            await expectRefused(.shareLimit) {
                _ = try await world.control.shareBackup(
                    backup.id, with: ShareDraft(projects: [one.id]), by: World.admin)
            }
            try await world.control.unshareBackup(backup.id, with: more[0].id, by: World.admin)
            _ = try await world.control.shareBackup(backup.id, with: ShareDraft(projects: [one.id]), by: World.admin)
        }
    }

    @Test("a member accepts into a vault of its own that fits, changes its mind, and nobody answers for it")
    func answers() async throws {
        try await World.with { world in
            try await world.makeProjects()
            let backup = try await world.madeBackup()
            try await world.share(backup.id, with: World.member)
            let (fit, unfit) = (
                try await world.vault(of: World.member), try await world.vault(of: World.member, objectType: .turbo)
            )
            await expectRefused(.vaultNotFound) { try await world.accept(backup.id, into: backup.vault) }
            await expectRefused(.shareVaultUnfit) { try await world.accept(backup.id, into: unfit) }
            await expectRefused(.badMemberUpdate) {
                _ = try await world.control.answerShare(
                    of: backup.id, for: World.member.project, .accept(into: backup.vault), by: World.admin)
            }
            await expectRefused(.memberNotFound) {
                _ = try await world.control.answerShare(
                    of: backup.id, for: World.third.project, .reject, by: World.member)
            }
            for (answer, state) in [
                (.accept(into: fit), .accepted(into: fit)), (.accept(into: fit), .accepted(into: fit)),
                (.reject, .rejected), (.accept(into: fit), .accepted(into: fit)), (.postpone, .pending),
            ] as [(ShareAnswer, MemberState)] {
                let member = try await world.control.answerShare(
                    of: backup.id, for: World.member.project, answer, by: World.member)
                #expect(member.state == state)
            }
            #expect(
                try await world.control.showMember(World.member.project, of: backup.id, by: World.admin).version == 5,
                "the answer that was given already changed nothing")
            try await world.control.deleteVault(fit, by: World.member)
            await expectRefused(.shareVaultState) { try await world.accept(backup.id, into: fit) }
        }
    }

    @Test("an accepted backup takes no room, is no backup of the vault, and goes back to pending when the vault goes")
    func room() async throws {
        try await World.with { world in
            let (backup, vault) = try await world.acceptedBackup()
            let shown = try await world.control.showVault(vault, by: World.member)
            #expect(shown.usedBytes == 0 && shown.members.isEmpty)
            var filter = BackupFilter()
            filter.vault = vault
            #expect(try await world.control.listBackups(filter, by: World.member).count == 0)
            filter.ownership = .shared
            #expect(try await world.control.listBackups(filter, by: World.member).rows.map(\.vault) == [vault])
            try await world.control.deleteVault(vault, by: World.member)
            let member = try await world.control.showMember(World.member.project, of: backup.id, by: World.member)
            #expect(member.state == .pending)
            try await world.work()
            await expectRefused(.vaultNotFound) { _ = try await world.control.showVault(vault, by: World.member) }
            #expect(try await world.control.showBackup(backup.id, by: World.admin).status == .available)
        }
    }

    @Test(
        "a member only looks and restores: whatever else it asks of the backup is refused, before and after it accepts")
    func readOnly() async throws {
        try await World.with { world in
            let (backup, vault) = try await world.acceptedBackup()
            let (control, id) = (world.control, backup.id)
            let project = World.member.project
            for answer in [ShareAnswer.reject, .postpone, .accept(into: vault)] {
                _ = try await control.answerShare(of: id, for: project, answer, by: World.member)
                let calls: [(Caller) async throws -> Void] = [
                    { try await control.deleteBackup(id, by: $0) },
                    { _ = try await control.renameBackup(id, to: "stolen", by: $0) },
                    { _ = try await control.holdBackup(id, reason: "mine", by: $0) },
                    { try await control.releaseBackup(id, by: $0) },
                    { _ = try await control.showHold(of: id, by: $0) },
                    { try await control.unshareBackup(id, with: project, by: $0) },
                    {
                        _ = try await control.shareBackup(id, with: ShareDraft(projects: [World.third.project]), by: $0)
                    },
                    {
                        let draft = ReplicationDraft(
                            region: "far", project: ProjectID("p"), vault: VaultID("v"))
                        _ = try await control.copyBackup(id, draft, by: $0)
                    },
                ]
                for call in calls { await expectRefused(.backupNotOwn) { try await call(World.member) } }
                for call in calls { await expectRefused(.backupNotFound) { try await call(World.third) } }
            }
            await expectRefused(.checkpointNotFound) {
                _ = try await control.showCheckpoint(backup.checkpoint, by: World.member)
            }
            await expectRefused(.vaultNotFound) { _ = try await control.showVault(backup.vault, by: World.member) }
            #expect(try await control.showBackup(id, by: World.admin).record.name == backup.name)
        }
    }
}
