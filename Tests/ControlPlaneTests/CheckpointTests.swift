import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Restore points begin what can be begun, and say what can't")
struct CheckpointTests {
    @Test("each resource gets a backup and an operation, at once")
    func begin() async throws {
        try await World.with { world in
            let ids = [try await world.register("a"), try await world.register("b")]
            let vault = try await world.vault(ids)
            let made = try await world.control.createCheckpoint(
                CheckpointDraft(vault: vault, name: "before-upgrade", description: "why"), by: World.user)
            #expect(made.status == .protecting && made.record.name == "before-upgrade")
            #expect(Set(made.resources.map(\.backup.resource)) == Set(ids))
            #expect(made.resources.allSatisfy { $0.protectStatus == .protecting })
            var filter = OperationFilter()
            filter.checkpoint = made.record.id
            let operations = try await world.control.listOperations(filter, by: World.admin).rows
            #expect(operations.count == 2 && operations.allSatisfy { $0.state == .queued && $0.kind == .backup })
            #expect(operations.allSatisfy { $0.requestID == World.user.requestID })
            #expect(try await world.backups(vault).map(\.status) == [.waitingProtect, .waitingProtect])
            try await world.work()
            let done = try await world.control.showCheckpoint(made.record.id, by: World.viewer)
            #expect(done.status == .available && done.resources.allSatisfy { $0.backupCount == 1 })
        }
    }

    @Test("default names say how they came about, and may have the vault's prefix")
    func names() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            func name(automatic: Bool) async throws -> String {
                let made = try await world.control.createCheckpoint(
                    CheckpointDraft(vault: vault, isAutomatic: automatic), by: World.admin)
                try await world.work()
                return made.record.name
            }
            #expect(try await name(automatic: false).wholeMatch(of: /manualbk_[0-9a-f]{4}/) != nil)
            #expect(try await name(automatic: true).wholeMatch(of: /autobk_[0-9a-f]{4}/) != nil)
            _ = try await world.control.updateVault(
                vault, VaultChange(settings: { $0.backupNamePrefix = "nightly" }), by: World.admin)
            #expect(try await name(automatic: true).wholeMatch(of: /nightly_[0-9a-f]{4}/) != nil)
        }
    }

    @Test("a policy that is named as the reason has to be there, and one that backs up")
    func reason() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            let pattern = ["FREQ=DAILY;INTERVAL=1;BYHOUR=01;BYMINUTE=00"]
            var away = PolicyDefinition()
            (away.destinationRegion, away.destinationProject) = ("south-1", "p")
            let policies = [
                try await world.control.createPolicy(
                    PolicyDraft(name: "p", kind: .backup, definition: PolicyDefinition(), pattern: pattern),
                    by: World.admin),
                try await world.control.createPolicy(
                    PolicyDraft(name: "p", kind: .replication, definition: away, pattern: pattern), by: World.admin),
            ].map(\.record.id)
            func make(_ policy: PolicyID, by caller: Caller = World.user) async throws {
                _ = try await world.control.createCheckpoint(CheckpointDraft(vault: vault, policy: policy), by: caller)
            }
            await expectRefused(.policyNotFound) { try await make(PolicyID("x")) }
            await expectRefused(.invalid) { try await make(policies[1]) }
            #expect(try await world.backups(vault).isEmpty)
            try await make(policies[0])
            #expect(try await world.backups(vault).count == 1)
        }
    }

    @Test("what can't be backed up is left out with its reason, and the rest goes on")
    func skipped() async throws {
        try await World.with { world in
            var ids: [String: ResourceID] = [:]
            for name in ["good", "running", "suspended", "unreachable", "restoring"] {
                ids[name] = try await world.register(name)
            }
            let vault = try await world.vault(ids.values.sorted())
            let outsider = try await world.register("outsider")
            func id(_ name: String) throws -> ResourceID { try #require(ids[name]) }

            _ = try await world.checkpoint(vault, [try id("restoring")])
            try await world.work()
            let backup = try #require(try await world.backups(vault).first).record.id
            _ = try await world.control.restoreBackup(RestoreDraft(backup: backup), by: World.admin)
            _ = try await world.checkpoint(vault, [try id("running")])
            _ = try await world.control.setSuspended(
                true, resources: [try id("suspended")], in: vault, by: World.admin)
            world.places.set("file:///images/unreachable.raw", .unreachable("the mount is gone"))

            let made = try await world.checkpoint(
                vault, ids.values.sorted() + [outsider, ResourceID("nobody's")], isAutomatic: true)

            #expect(made.resources.map(\.backup.resource) == [try id("good")])
            let codes = Dictionary(uniqueKeysWithValues: made.record.skipped.map { ($0.id, $0.code) })
            #expect(
                codes == [
                    try id("running"): .backupRunning, try id("suspended"): .suspended,
                    try id("unreachable"): .unreachable, try id("restoring"): .beingRestored, outsider: .notInVault,
                    ResourceID("nobody's"): .notInVault,
                ])
            #expect(made.record.skipped.allSatisfy { !$0.reason.isEmpty })
            await expectRefused(.nothingToBackUp) { _ = try await world.checkpoint(vault, isAutomatic: true) }
            let byHand = try await world.checkpoint(vault)
            #expect(byHand.resources.map(\.backup.resource) == [try id("suspended")], "who asks by hand gets it")
            let shown = try await world.control.showCheckpoint(made.record.id, by: World.admin)
            #expect(shown.record.skipped == made.record.skipped)
        }
    }

    @Test("an empty vault, an unknown one, another project's, a full one, a wrong type")
    func refused() async throws {
        try await World.with { world in
            let disk = try await world.register("disk")
            await expectRefused(.vaultNotFound) { _ = try await world.checkpoint(VaultID("x")) }
            let empty = try await world.vault()
            await expectRefused(.nothingToBackUp) { _ = try await world.checkpoint(empty) }
            let vault = try await world.vault([disk], sizeGiB: 1)
            await expectRefused(.vaultNotFound) {
                _ = try await world.control.createCheckpoint(CheckpointDraft(vault: vault), by: World.stranger)
            }
            await expectRefused(.resourceTypeMismatch) {
                _ = try await world.control.createCheckpoint(
                    CheckpointDraft(vault: vault, resources: [ResourceReference(id: disk, type: .server)]),
                    by: World.admin)
            }
            _ = try await world.checkpoint(vault)
            try await world.work(storedBytes: 2 << 30)
            await expectRefused(.vaultFull) { _ = try await world.checkpoint(vault) }
            _ = try await world.control.updateVault(
                vault, VaultChange(settings: { $0.autoExpand = true }), by: World.admin)
            _ = try await world.checkpoint(vault)
        }
    }

    @Test("a hundred at once for one resource: one begins, the others are told why")
    func atOnce() async throws {
        try await World.with { world in
            let vault = try await world.vault([try await world.register("a")])
            let codes = await withTaskGroup(of: ControlError.Code?.self) { group in
                for _ in 1...100 {
                    group.addTask {
                        do {
                            _ = try await world.checkpoint(vault)
                            return nil
                        } catch {
                            return (error as? ControlError)?.code ?? .unexpected
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.filter { $0 == nil }.count == 1)
            #expect(codes.filter { $0 == .nothingToBackUp }.count == 99)
        }
    }
}
