import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("A member restores an accepted backup, and only while it is one")
struct SharedRestoreTests {
    private func restore(_ world: World, _ backup: BackupID, _ target: RestoreDraft.Target, by caller: Caller)
        async throws -> OperationRecord
    {
        try await world.control.restoreBackup(RestoreDraft(backup: backup, target: target), by: caller)
    }

    @Test("onto its own resources, from the owner's restore point, in its own operation log")
    func restored() async throws {
        try await World.with { world in
            let (backup, vault) = try await world.acceptedBackup()
            let target = try await world.register("target", by: World.member)
            await expectRefused(.invalid) { _ = try await restore(world, backup.id, .original, by: World.member) }
            await expectRefused(.resourceNotFound) {
                _ = try await restore(world, backup.id, .resource(backup.resource), by: World.member)
            }
            let queued = try await restore(world, backup.id, .resource(target), by: World.member)
            #expect(queued.project == World.member.project && queued.vault == vault && queued.checkpoint == nil)
            #expect(try await world.control.showBackup(backup.id, by: World.member).status == .waitingRestore)
            #expect(try await world.control.showBackup(backup.id, by: World.admin).status == .available)
            let leased = try #require(try await world.control.leaseOperation(worker: "w", for: World.lease))
            guard case .restore(let work) = leased.work else { throw Unexpected() }
            #expect(work.restorePoint == backup.restorePoint && work.target.location == "file:///images/target.raw")
            try await world.control.completeOperation(leased, .restored(OperationDetails()))
            #expect(try await world.control.listOperations(by: World.member).rows.map(\.id) == [queued.id])
            await expectRefused(.operationNotFound) {
                _ = try await world.control.showOperation(queued.id, by: World.admin)
            }
        }
    }

    @Test("not before it accepts, nor after it rejects, and metadata neither")
    func unaccepted() async throws {
        try await World.with { world in
            let (backup, _) = try await world.acceptedBackup()
            let target = try await world.register("target", by: World.member)
            #expect(try await world.control.showMetadata(backup.id, by: World.member).id == backup.id)
            for answer in [ShareAnswer.postpone, .reject] {
                _ = try await world.control.answerShare(
                    of: backup.id, for: World.member.project, answer, by: World.member)
                await expectRefused(.backupNotAvailable) {
                    _ = try await restore(world, backup.id, .resource(target), by: World.member)
                }
                await expectRefused(.metadataNotAvailable) {
                    _ = try await world.control.showMetadata(backup.id, by: World.member)
                }
            }
        }
    }

    @Test("projects restore one backup beside each other, each once at a time")
    func together() async throws {
        try await World.with { world in
            let (backup, _) = try await world.acceptedBackup()
            let target = try await world.register("target", by: World.member)
            _ = try await restore(world, backup.id, .resource(target), by: World.member)
            await expectRefused(.backupNotAvailable) {
                _ = try await restore(world, backup.id, .resource(target), by: World.member)
            }
            _ = try await restore(world, backup.id, .original, by: World.admin)
            let pages = try await world.control.listBackups(by: World.admin)
            #expect(pages.rows.map(\.status) == [.waitingRestore] && pages.count == 1)
            try await world.work()
            for caller in [World.admin, World.member] {
                #expect(try await world.control.showBackup(backup.id, by: caller).status == .available)
            }
        }
    }

    @Test("while a member restores, nothing takes the backup away: no call, no policy, no time")
    func kept() async throws {
        try await World.with { world in
            let (backup, _) = try await world.acceptedBackup()
            let target = try await world.register("target", by: World.member)
            _ = try await restore(world, backup.id, .resource(target), by: World.member)
            for isRunning in [false, true] {
                if isRunning { _ = try await world.control.leaseOperation(worker: "w", for: World.lease) }
                await expectRefused(.backupInUse) { try await world.control.deleteBackup(backup.id, by: World.admin) }
                await expectRefused(.backupInUse) { try await world.control.deleteVault(backup.vault, by: World.admin) }
                await expectRefused(.backupInUse) {
                    _ = try await world.control.removeResources(
                        [backup.resource], from: backup.vault, by: World.admin)
                }
            }
            // Also when the sharing has ended meanwhile.
            try await world.control.unshareBackup(backup.id, with: World.member.project, by: World.admin)
            await expectRefused(.backupInUse) { try await world.control.deleteBackup(backup.id, by: World.admin) }
            var expiring = backup
            expiring.expiresAt = Instant(microseconds: 1)
            let stored = expiring
            try await world.catalog.write { try $0.backups.update(stored) }
            #expect(try await world.control.expireByTime() == 0)
            world.clock.advance(by: World.lease * 2)
            try await world.work()
            #expect(try await world.control.expireByTime() == 1)
        }
    }

    @Test("a restore that runs when the sharing ends is left to end; one that waits, or has to begin again, fails")
    func revoked() async throws {
        try await World.with { world in
            let (backup, vault) = try await world.acceptedBackup()
            let target = try await world.register("target", by: World.member)
            let waiting = try await restore(world, backup.id, .resource(target), by: World.member)
            try await world.control.unshareBackup(backup.id, with: World.member.project, by: World.admin)
            try await world.work()
            try await expectFailed(world, waiting.id)

            try await world.share(backup.id, with: World.member)
            try await world.accept(backup.id, into: vault)
            let running = try await restore(world, backup.id, .resource(target), by: World.member)
            let leased = try #require(try await world.control.leaseOperation(worker: "w", for: World.lease))
            try await world.control.unshareBackup(backup.id, with: World.member.project, by: World.admin)
            try await world.control.completeOperation(leased, .restored(OperationDetails()))
            #expect(try await world.control.showOperation(running.id, by: World.member).state == .succeeded)

            try await world.share(backup.id, with: World.member)
            try await world.accept(backup.id, into: vault)
            let again = try await restore(world, backup.id, .resource(target), by: World.member)
            _ = try await world.control.leaseOperation(worker: "w", for: World.lease)
            _ = try await world.control.answerShare(
                of: backup.id, for: World.member.project, .reject, by: World.member)
            // The worker dies, and the next one may not begin it anew.
            world.clock.advance(by: World.lease * 2)
            try await world.work()
            try await expectFailed(world, again.id)
        }
    }

    @Test("its owner deletes a shared backup as any other, unless a lock or a hold keeps it; the sharing goes with it")
    func deleted() async throws {
        try await World.with { world in
            let (backup, _) = try await world.acceptedBackup()
            let target = try await world.register("target", by: World.member)
            _ = try await world.control.holdBackup(backup.id, reason: "case", by: World.admin)
            await expectRefused(.backupHeld) { try await world.control.deleteBackup(backup.id, by: World.admin) }
            try await world.control.releaseBackup(backup.id, by: World.admin)
            try await world.control.deleteBackup(backup.id, by: World.admin)
            #expect(try await world.control.showBackup(backup.id, by: World.member).status == .deleting)
            await expectRefused(.backupNotAvailable) {
                _ = try await restore(world, backup.id, .resource(target), by: World.member)
            }
            try await world.work()
            await expectRefused(.backupNotFound) { _ = try await world.control.showBackup(backup.id, by: World.member) }
            await expectRefused(.backupNotFound) {
                _ = try await world.control.listMembers(of: backup.id, by: World.member)
            }
        }
    }

    @Test("a locked vault keeps what is shared out of it, and holds back nobody who rejects what was accepted into it")
    func locked() async throws {
        try await World.with { world in
            let (backup, vault) = try await world.acceptedBackup()
            _ = try await world.control.updateVault(backup.vault, VaultChange(isLocked: true), by: World.admin)
            _ = try await world.control.updateVault(vault, VaultChange(isLocked: true), by: World.member)
            await expectRefused(.backupLocked) { try await world.control.deleteBackup(backup.id, by: World.admin) }
            let target = try await world.register("target", by: World.member)
            _ = try await restore(world, backup.id, .resource(target), by: World.member)
            try await world.work()
            let member = try await world.control.answerShare(
                of: backup.id, for: World.member.project, .reject, by: World.member)
            #expect(member.state == .rejected)
        }
    }

    private struct Unexpected: Error {}

    private func expectFailed(_ world: World, _ id: OperationID, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        let operation = try await world.control.showOperation(id, by: World.member)
        guard case .failed(let failure) = operation.state else {
            Issue.record("\(operation.state)", sourceLocation: sourceLocation)
            return
        }
        #expect(failure.code == .restorePointMissing, sourceLocation: sourceLocation)
        #expect(failure.message.contains("can't be begun"), sourceLocation: sourceLocation)
    }
}
