import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("A preview says what will happen")
struct PolicyPreviewTests {
    private static let day = Duration.seconds(86_400)

    private func policy(
        _ control: ControlPlane, _ name: String, newest: Int? = nil, days: Int? = nil
    ) async throws -> PolicyID {
        var definition = PolicyDefinition()
        definition.maxBackups = newest
        definition.retentionDurationDays = days
        return try await control.createPolicy(
            PolicyDraft(
                name: name, kind: .backup, definition: definition,
                pattern: ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00"]), by: World.admin
        ).record.id
    }

    private func enable(_ control: ControlPlane, _ id: PolicyID, _ isEnabled: Bool) async throws {
        var change = PolicyChange()
        change.isEnabled = isEnabled
        _ = try await control.updatePolicy(id, change, by: World.admin)
    }

    /// A vault with so many nightly backups, for which policies hold.
    private func withNights(
        _ count: Int, _ body: (World, ControlPlane, VaultID, [BackupID]) async throws -> Void
    ) async throws {
        try await World.with { world in
            var rules = PolicyRules()
            rules.allowsSeveral = true
            let control = ControlPlane(
                database: world.catalog, inspector: world.places, seams: world.clock.seams, policyRules: rules)
            let vault = try await world.vault([try await world.register("a")])
            for _ in 0..<count {
                world.clock.advance(by: Self.day)
                _ = try await control.createCheckpoint(
                    CheckpointDraft(vault: vault, isAutomatic: true), by: World.admin)
                try await world.work()
            }
            let nights = try await world.backups(vault).map(\.record).sorted { $0.createdAt > $1.createdAt }.map(\.id)
            try await body(world, control, vault, nights)
        }
    }

    private func items(_ control: ControlPlane, _ id: PolicyID) async throws -> [RetentionPreview.Item] {
        try #require(try await control.previewPolicy(id, by: World.admin).vaults.first).items
    }

    /// Whatever the preview said, it is what happens.
    private func expectTruth(_ world: World, _ control: ControlPlane, _ vault: VaultID, _ id: PolicyID) async throws {
        let staying = Set(try await items(control, id).filter(\.stays).map(\.backup.id))
        _ = try await control.expireByPolicies()
        _ = try await control.expireByTime()
        try await world.work()
        #expect(Set(try await world.backups(vault).map(\.record.id)) == staying)
    }

    @Test("holds, times of their own and restores keep backups that the rules would not")
    func bars() async throws {
        try await withNights(6) { world, control, vault, nights in
            let id = try await policy(control, "p", newest: 1)
            _ = try await control.associate([id], with: vault, destination: nil, by: World.admin)
            _ = try await control.holdBackup(nights[1], reason: "trial", by: World.admin)
            _ = try await control.restoreBackup(
                RestoreDraft(backup: nights[2], target: .original), by: World.admin)
            try await world.catalog.write { transaction in
                let now = Instant(world.clock.seams.now())
                for (night, seconds) in [(nights[3], 1000), (nights[4], -1000)] {
                    var backup = try #require(try transaction.backups.find(night, in: World.project)).record
                    backup.expiresAt = now.adding(.seconds(seconds))
                    try transaction.backups.update(backup)
                }
            }
            let found = try await items(control, id)
            #expect(found.map(\.backup.id) == nights)
            #expect(found.map(\.stays) == [true, true, true, true, false, false])
            #expect(found.map(\.decision.isKept) == [true, false, false, false, false, false])
            #expect(found[1].bars == [.held(reason: "trial")] && found[2].bars == [.inUse])
            #expect(found[5].decision.expirers == [.notAmongNewest(1)])
        }
    }

    @Test("what other policies of the vault keep stays, and one that is off keeps all")
    func otherPolicies() async throws {
        try await withNights(6) { world, control, vault, nights in
            let strict = try await policy(control, "strict", newest: 1)
            let mild = try await policy(control, "mild", newest: 3)
            let off = try await policy(control, "off", newest: 1)
            try await enable(control, off, false)
            _ = try await control.associate([strict, mild, off], with: vault, destination: nil, by: World.admin)
            #expect(try await items(control, strict).allSatisfy { $0.stays })
            #expect(try await items(control, strict)[5].bars == [.policyOff(name: "off")])
            #expect(try await items(control, off).allSatisfy { $0.stays })
            try await expectTruth(world, control, vault, strict)
            #expect(try await world.backups(vault).count == 6, "one that is off keeps all there is")
            try await control.dissociate(off, from: vault, by: World.admin)
            let found = try await items(control, strict)
            #expect(found.map(\.stays) == [true, true, true, false, false, false])
            #expect(found[1].bars == [.otherPolicy(name: "mild", .newest(2))])
            try await expectTruth(world, control, vault, strict)
            #expect(Set(try await world.backups(vault).map(\.record.id)) == Set(nights.prefix(3)))
        }
    }

    @Test("in a locked vault backups go by their own time alone, and failed ones keep their log for a month")
    func locked() async throws {
        try await withNights(3) { world, control, vault, _ in
            let id = try await policy(control, "p", newest: 1)
            _ = try await control.associate([id], with: vault, destination: nil, by: World.admin)
            _ = try await control.createCheckpoint(
                CheckpointDraft(vault: vault, isAutomatic: true), by: World.admin)
            try await world.work(failing: true)
            #expect(try await items(control, id).first?.bars == [.recentFailure(days: 30)])
            _ = try await control.updateVault(vault, VaultChange(isLocked: true), by: World.admin)
            let found = try await items(control, id)
            #expect(found.allSatisfy { $0.stays })
            #expect(found[1].bars == [.locked(until: nil)])
            try await expectTruth(world, control, vault, id)
        }
    }

    @Test("a replication policy removes nothing here, and its preview names no backup")
    func replication() async throws {
        try await World.with(peers: FarRegion()) { world in
            let vault = try await world.vault([try await world.register("a")])
            _ = try await world.control.createCheckpoint(
                CheckpointDraft(vault: vault, isAutomatic: true), by: World.admin)
            try await world.work()
            var definition = PolicyDefinition()
            definition.destinationRegion = FarRegion.region
            definition.destinationProject = FarRegion.project.text
            definition.maxBackups = 0
            let id = try await world.control.createPolicy(
                PolicyDraft(
                    name: "away", kind: .replication, definition: definition,
                    pattern: ["FREQ=DAILY;INTERVAL=1;BYHOUR=3;BYMINUTE=00"]), by: World.admin
            ).record.id
            _ = try await world.control.associate(
                [id], with: vault, destination: FarRegion.vault, by: World.admin)
            let preview = try await world.control.previewPolicy(id, by: World.admin)
            #expect(preview.vaults.map(\.vault) == [vault] && preview.vaults.allSatisfy { $0.items.isEmpty })
        }
    }
}
