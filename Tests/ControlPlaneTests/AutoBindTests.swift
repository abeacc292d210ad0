import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Vaults take resources in by themselves")
struct AutoBindTests {
    private func vault(_ world: World, _ tags: [Catalog.Tag], type: VaultObjectType = .disk) async throws -> VaultID {
        var settings = VaultSettings()
        settings.autoBind = true
        settings.bindTags = tags
        return try await world.control.createVault(
            VaultDraft(name: "v", objectType: type, sizeGiB: 100, settings: settings), by: World.admin
        ).record.id
    }

    private func register(_ world: World, _ tags: [Catalog.Tag], type: ResourceType = .volume) async throws
        -> ResourceView
    {
        let name = "r\(UInt64.random(in: 0...(.max)))"
        return try await world.control.registerResource(
            ResourceDraft(type: type, name: name, location: "file:///x/\(name)", tags: tags), by: World.user)
    }

    private static let gold = Catalog.Tag(key: "tier", value: "gold")
    private static let web = Catalog.Tag(key: "team", value: "web")

    @Test("by one of their tags, by kind, and only what no vault holds")
    func tags() async throws {
        try await World.with { world in
            let old = try await register(world, [Self.gold])
            #expect(old.vault == nil)
            let gold = try await vault(world, [Self.gold, Self.web])
            #expect(try await world.control.showResource(old.record.id, by: World.admin).vault == gold)
            #expect(try await register(world, [Self.web]).vault == gold)
            #expect(try await register(world, [Catalog.Tag(key: "tier", value: "lead")]).vault == nil)
            #expect(try await register(world, []).vault == nil)
            #expect(try await register(world, [Self.gold], type: .sharedFileSystem).vault == nil)
            let all = try await vault(world, [])
            #expect(try await world.control.showVault(all, by: World.admin).members.count == 2, "what was left")
            #expect(try await register(world, [Self.gold]).vault == gold, "the oldest takes it")
        }
    }

    @Test("when tags or rules change, and not when somebody took a resource out")
    func changes() async throws {
        try await World.with { world in
            let id = try await register(world, []).record.id
            let one = try await vault(world, [Self.gold])
            func holder() async throws -> VaultID? {
                try await world.control.showResource(id, by: World.admin).vault
            }
            #expect(try await holder() == nil)
            let changed = try await world.control.updateResource(
                id, ResourceChange(name: "new", tags: [Self.gold]), by: World.user)
            #expect(changed.vault == one && changed.record.name == "new" && changed.tags == [Self.gold])
            _ = try await world.control.removeResources([id], from: one, by: World.admin)
            try await world.work()
            #expect(try await holder() == nil)
            _ = try await world.control.updateVault(one, VaultChange(name: "renamed"), by: World.admin)
            #expect(try await holder() == nil, "it stays out")
            let rules = VaultChange(settings: { $0.bindTags = [Self.web, Self.gold] })
            _ = try await world.control.updateVault(one, rules, by: World.admin)
            #expect(try await holder() == one)
            await expectRefused(.forbidden) {
                _ = try await world.control.updateResource(id, ResourceChange(tags: []), by: World.viewer)
            }
            await expectRefused(.resourceNotFound) {
                _ = try await world.control.updateResource(id, ResourceChange(tags: []), by: World.stranger)
            }
        }
    }

    @Test("as far as there is room")
    func room() async throws {
        try await World.with { world in
            for _ in 0..<257 { _ = try await register(world, []) }
            let full = try await vault(world, [])
            #expect(try await world.control.showVault(full, by: World.admin).members.count == 256)
            #expect(try await register(world, []).vault == nil)
        }
    }
}
