import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Sharing at the same time from many sides")
struct SharingRaceTests {
    /// How calls that run beside each other ended.
    private func together(_ count: Int, _ call: @escaping @Sendable (Int) async throws -> Void) async throws
        -> [ControlError.Code?]
    {
        try await withThrowingTaskGroup(of: ControlError.Code?.self) { group in
            for index in 0..<count {
                group.addTask {
                    do { try await call(index) } catch let error as ControlError { return error.code }
                    return nil
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("one project becomes a member once")
    func once() async throws {
        try await World.with { world in
            try await world.makeProjects()
            let backup = try await world.madeBackup().id
            let ends = try await together(12) { _ in try await world.share(backup, with: World.member) }
            #expect(ends.filter { $0 == nil }.count == 1 && ends.filter { $0 == .sharedAlready }.count == 11, "\(ends)")
            #expect(try await world.control.listMembers(of: backup, by: World.admin).count == 1)
        }
    }

    @Test("of more projects than there is room for, ten become members")
    func limit() async throws {
        try await World.with { world in
            let projects = (0..<14).map { World.record(ProjectID("project-\($0)")) }
            try await world.makeProjects(projects)
            let backup = try await world.madeBackup().id
            let ends = try await together(projects.count) { index in
                let draft = ShareDraft(projects: [projects[index].id])
                _ = try await world.control.shareBackup(backup, with: draft, by: World.admin)
            }
            #expect(ends.filter { $0 == nil }.count == 10 && ends.filter { $0 == .shareLimit }.count == 4, "\(ends)")
            #expect(try await world.control.listMembers(of: backup, by: World.admin).count == 10)
        }
    }

    /// Goal: whichever comes first, no state is left in which a restore waits for a backup that goes, or is begun without a
    /// right. Method: the three calls beside each other, many times; then a worker.
    @Test("a restore, the end of the sharing and the deletion: nothing is left between them", arguments: 0..<8)
    func ends(round: Int) async throws {
        try await World.with { world in
            let (backup, _) = try await world.acceptedBackup()
            let target = try await world.register("target", by: World.member)
            let ends = try await together(3) { index in
                switch (index + round) % 3 {
                case 0:
                    let draft = RestoreDraft(backup: backup.id, target: .resource(target))
                    _ = try await world.control.restoreBackup(draft, by: World.member)
                case 1: try await world.control.unshareBackup(backup.id, with: World.member.project, by: World.admin)
                default: try await world.control.deleteBackup(backup.id, by: World.admin)
                }
            }
            let known: Set<ControlError.Code?> = [
                nil, .backupInUse, .backupNotFound, .backupNotAvailable, .memberNotFound,
            ]
            #expect(Set(ends).isSubset(of: known), "\(ends)")
            try await world.work()
            let logs = try await world.control.listOperations(by: World.member).rows
            #expect(logs.allSatisfy { $0.state.isFinished })
            await expectRefused(.backupNotFound) {
                _ = try await world.control.showBackup(backup.id, by: World.member)
            }
        }
    }

    @Test("a vault that is deleted and an answer that names it: the backup is accepted into no vault that is gone")
    func vault() async throws {
        try await World.with { world in
            try await world.makeProjects()
            let backup = try await world.madeBackup().id
            try await world.share(backup, with: World.member)
            for _ in 0..<6 {
                let vault = try await world.vault(of: World.member)
                let ends = try await together(2) { index in
                    if index == 0 {
                        try await world.accept(backup, into: vault)
                    } else {
                        try await world.control.deleteVault(vault, by: World.member)
                    }
                }
                #expect(Set(ends).isSubset(of: [nil, .shareVaultState]), "\(ends)")
                try await world.work()
                let member = try await world.control.showMember(World.member.project, of: backup, by: World.member)
                #expect(member.state == .pending)
            }
        }
    }
}
