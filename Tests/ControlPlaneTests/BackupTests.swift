import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Backups are restored and deleted by rules")
struct BackupTests {
    @Test("a backup that is being made, restored or deleted is left alone")
    func states() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("disk")])
            _ = try await world.checkpoint(vault)
            let backup = try #require(try await world.backups(vault).first).record.id
            await expectRefused(.backupRunning) { try await world.control.deleteBackup(backup, by: World.user) }
            await expectRefused(.backupNotAvailable) { try await restore(backup, world) }
            try await world.work()
            try await restore(backup, world)
            await expectRefused(.backupInUse) { try await world.control.deleteBackup(backup, by: World.user) }
            await expectRefused(.backupNotAvailable) { try await restore(backup, world) }
            try await world.work()
            for _ in 1...2 { try await world.control.deleteBackup(backup, by: World.user) }
            await expectRefused(.backupNotAvailable) { try await restore(backup, world) }
            try await world.work()
            await expectRefused(.backupNotFound) { try await world.control.deleteBackup(backup, by: World.user) }
            let kinds = try await world.control.listOperations(by: World.admin).rows.map(\.kind)
            #expect(kinds.filter { $0 == .delete }.count == 1)
        }
    }

    /// Goal: deleting the first of a chain does not make room that is not there: the next one shares most of its bytes.
    @Test("what a deleted backup stored is counted for the next one of its resource, up to what that restores")
    func passedOn() async throws {
        try await World.with { world in
            let (a, b) = (try await world.register("a"), try await world.register("b"))
            let vault = try await world.vault([a, b])
            for (stored, resources) in [(Int64(900), [a, b]), (300, [a]), (20, [a])] {
                _ = try await world.checkpoint(vault, resources)
                try await world.work(storedBytes: stored, logicalBytes: 1000)
                world.clock.advance(by: .seconds(1))
            }
            func stored(_ resource: ResourceID) async throws -> [Int64] {
                try await world.backups(vault).filter { $0.record.resource == resource }.map(\.record.storedBytes)
            }
            #expect(try await stored(a) == [20, 300, 900])
            for expected in [[20, 1000], [1000], []] as [[Int64]] {
                let oldest = try #require(try await world.backups(vault).last { $0.record.resource == a })
                try await world.control.deleteBackup(oldest.record.id, by: World.admin)
                try await world.work()
                #expect(try await stored(a) == expected)
                #expect(try await stored(b) == [900], "another resource's are its own")
            }
        }
    }

    @Test(
        "what is deleted while the next one is made is counted for that one when it is there", arguments: [false, true])
    func passedOnMeanwhile(fails: Bool) async throws {
        try await World.with { world in
            let disk = try await world.register("disk")
            let vault = try await world.vault([disk])
            _ = try await world.checkpoint(vault)
            try await world.work(storedBytes: 900, logicalBytes: 1000)
            world.clock.advance(by: .seconds(1))
            let first = try #require(try await world.backups(vault).first).record.id
            _ = try await world.checkpoint(vault)
            let leased = try #require(try await world.control.leaseOperation(worker: "other", for: World.lease))
            try await world.control.deleteBackup(first, by: World.admin)
            try await world.work()
            let member = try #require(try await world.control.showVault(vault, by: World.admin).members.first)
            #expect(member.backupBytes == 900)
            if fails {
                try await world.control.failOperation(leased, .init(code: .unexpected, message: "it was made to fail"))
            } else {
                try await world.control.completeOperation(
                    leased,
                    .backedUp(
                        BackupResult(
                            restorePoint: RestorePointID("p"), parent: nil, storedBytes: 50, logicalBytes: 1000,
                            details: OperationDetails())))
            }
            #expect(try await world.backups(vault).map(\.record.storedBytes) == [fails ? 0 : 950])
        }
    }

    @Test("what another removal gave back does not go with one that was asked for before")
    func givenBack() async throws {
        try await World.with { world in
            let disk = try await world.register("disk")
            let vault = try await world.vault([disk])
            for _ in 1...2 {
                _ = try await world.checkpoint(vault)
                try await world.work()
                world.clock.advance(by: .seconds(1))
            }
            let backup = try #require(try await world.backups(vault).last).record
            try await world.control.deleteBackup(backup.id, by: World.admin)
            world.clock.advance(by: .seconds(1))
            _ = try await world.control.removeResources([disk], from: vault, by: World.admin)
            let deletion = try #require(try await world.control.leaseOperation(worker: "w", for: World.lease))
            guard case .remove(let doomed) = deletion.work else {
                Issue.record("it is no removal")
                return
            }
            #expect(doomed.map(\.backup) == [backup.id])
            let stored = StoredKeep(restorePoint: try #require(backup.restorePoint), keptUntil: .never, holdReason: nil)
            try await world.control.failOperation(
                deletion, .init(code: .unexpected, message: "the repository keeps it"), stillThere: [backup.id: stored])
            #expect(try await world.backups(vault).map(\.status).contains(.available))
            try await world.work()
            #expect(try await world.backups(vault).map(\.record.id) == [backup.id])
        }
    }

    @Test("a target that is too small, of another type, in a backup or in a restore is refused")
    func targets() async throws {
        try await World.with { world in
            let disk = try await world.register("disk")
            let vault = try await world.vault([disk])
            _ = try await world.checkpoint(vault)
            try await world.work(logicalBytes: 1000)
            let backup = try #require(try await world.backups(vault).first).record.id
            let small = try await world.register("small")
            world.places.set("file:///images/small.raw", .reachable(sizeBytes: 999))
            let share = try await world.register("share", type: .sharedFileSystem, location: "file:///srv")
            await expectRefused(.targetTooSmall) { try await restore(backup, to: .resource(small), world) }
            await expectRefused(.targetTypeMismatch) { try await restore(backup, to: .resource(share), world) }
            await expectRefused(.resourceNotFound) { try await restore(backup, to: .resource(ResourceID("x")), world) }
            await expectRefused(.invalid) { try await restore(backup, to: .path("/srv/x"), world) }
            world.clock.advance(by: .seconds(1))
            _ = try await world.checkpoint(vault)
            await expectRefused(.targetInBackup) { try await restore(backup, world) }
            try await world.work()
            let second = try #require(try await world.backups(vault).first).record.id
            try await restore(backup, world)
            #expect(try await world.status(of: vault) == [.restoring])
            await expectRefused(.restoreRunning) { try await restore(second, world) }
        }
    }

    @Test("a server is no target, neither for a disk's backup nor, as yet, for a server's")
    func servers() async throws {
        try await World.with { world in
            for (type, vaultType) in [(ResourceType.volume, VaultObjectType.disk), (.server, .server)] {
                let source = try await world.register("source-\(type)", type: type)
                let vault = try await world.vault([source], objectType: vaultType)
                _ = try await world.checkpoint(vault)
                try await world.work()
                let backup = try #require(try await world.backups(vault).first).record.id
                await expectRefused(.invalid) { try await restore(backup, to: .server(source), world) }
                #expect(try await world.backups(vault).map(\.status) == [.available])
            }
            await expectRefused(.backupNotFound) {
                try await restore(BackupID("x"), to: .server(ResourceID("s")), world)
            }
        }
    }

    @Test("a path inside a tree that is being backed up, or around it, is not written to")
    func paths() async throws {
        try await World.with { world in
            let share = try await world.register("share", type: .sharedFileSystem, location: "file:///srv/share%20one")
            let vault = try await world.vault([share], objectType: .turbo)
            _ = try await world.checkpoint(vault)
            try await world.work()
            let backup = try #require(try await world.backups(vault).first).record.id
            _ = try await world.checkpoint(vault)
            for path in ["/srv/share one", "/srv/share one/below", "/srv", "/", "/srv/./share one//x"] {
                await expectRefused(.targetInBackup) { try await restore(backup, to: .path(path), world) }
            }
            try await restore(backup, to: .path("/srv/share one and more"), world)
            await expectRefused(.invalid) { try await restore(backup, to: .path("relative"), world) }
            try await world.work()
            try await restore(backup, to: .path("/srv/share one/below"), world)
            #expect(
                try await world.control.listBackups(by: World.admin).rows.map(\.status).contains(.waitingRestore))
            await expectRefused(.nothingToBackUp) { _ = try await world.checkpoint(vault) }
        }
    }

    @Test("two names of one place are one place, and other projects' operations count without being named")
    func links() async throws {
        try await World.with { world in
            let share = try await world.register("share", type: .sharedFileSystem, location: "file:///srv/share")
            let vault = try await world.vault([share], objectType: .turbo)
            _ = try await world.checkpoint(vault)
            try await world.work()
            let backup = try #require(try await world.backups(vault).first).record.id
            world.places.set("file:///srv/link", .reachable(sizeBytes: nil, place: "/srv/share"))
            world.clock.advance(by: .seconds(1))
            _ = try await world.checkpoint(vault)
            await expectRefused(.targetInBackup) { try await restore(backup, to: .path("/srv/link"), world) }
            try await world.work()
            try await restore(backup, to: .path("/srv/link"), world)
            await expectRefused(.nothingToBackUp) { _ = try await world.checkpoint(vault) }
            try await world.work()

            let theirs = try await world.register(
                "theirs", type: .sharedFileSystem, location: "file:///srv/share/below", by: World.stranger)
            let other = try await world.control.createVault(
                VaultDraft(
                    name: "other", objectType: .turbo, sizeGiB: 10, resources: [ResourceReference(id: theirs)]),
                by: World.stranger)
            let running = try await world.control.createCheckpoint(
                CheckpointDraft(vault: other.record.id), by: World.stranger)
            #expect(running.resources.count == 1)
            let error = await #expect(throws: ControlError.self) { try await restore(backup, world) }
            #expect(error?.code == .targetInBackup && error?.facts.isEmpty == true)
        }
    }

    @Test("a place outside the allowed ones is refused")
    func outside() async throws {
        try await World.with { world in
            let share = try await world.register("share", type: .sharedFileSystem, location: "file:///srv/share")
            let vault = try await world.vault([share], objectType: .turbo)
            _ = try await world.checkpoint(vault)
            try await world.work()
            let backup = try #require(try await world.backups(vault).first).record.id
            world.places.set("file:///etc", .refused("not below a root"))
            await expectRefused(.locationRefused) { try await restore(backup, to: .path("/etc"), world) }
        }
    }

    @Test("roles: viewers read, users write but don't delete vaults, strangers find nothing")
    func roles() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("disk")])
            _ = try await world.checkpoint(vault)
            try await world.work()
            let backup = try #require(try await world.backups(vault).first).record.id
            let control = world.control
            await expectRefused(.forbidden) { try await control.deleteVault(vault, by: World.user) }
            await expectRefused(.forbidden) { try await control.deleteBackup(backup, by: World.viewer) }
            await expectRefused(.forbidden) {
                _ = try await control.createCheckpoint(CheckpointDraft(vault: vault), by: World.viewer)
            }
            await expectRefused(.forbidden) {
                _ = try await control.restoreBackup(RestoreDraft(backup: backup), by: World.viewer)
            }
            await expectRefused(.forbidden) { _ = try await world.register("x", by: World.viewer) }
            await expectRefused(.vaultNotFound) { try await control.deleteVault(vault, by: World.stranger) }
            await expectRefused(.backupNotFound) { try await control.deleteBackup(backup, by: World.stranger) }
            await expectRefused(.backupNotFound) {
                _ = try await control.restoreBackup(RestoreDraft(backup: backup), by: World.stranger)
            }
            #expect(try await control.listBackups(by: World.stranger).count == 0)
            #expect(try await control.listOperations(by: World.stranger).count == 0)
            #expect(try await control.showBackup(backup, by: World.viewer).status == .available)
            let renamed = try await control.renameBackup(backup, to: "kept", by: World.user)
            #expect(renamed.record.name == "kept")
        }
    }

    private func restore(
        _ backup: BackupID, to target: RestoreDraft.Target = .original, _ world: World
    ) async throws {
        _ = try await world.control.restoreBackup(RestoreDraft(backup: backup, target: target), by: World.user)
    }
}
