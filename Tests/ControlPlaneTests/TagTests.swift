import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Vaults have tags and are found by them")
struct TagTests {
    private func tagged(_ world: World, _ name: String, _ tags: [String: String]) async throws -> VaultID {
        var settings = VaultSettings()
        settings.tags = tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) }
        return try await world.control.createVault(
            VaultDraft(name: name, objectType: .disk, sizeGiB: 10, settings: settings), by: World.admin
        ).record.id
    }

    private func names(_ world: World, _ change: (inout TagSearch) -> Void) async throws -> Set<String> {
        var filter = VaultFilter()
        var search = TagSearch()
        change(&search)
        filter.tags = search
        let found = try await world.control.listVaults(filter, by: World.admin)
        #expect(try await world.control.countVaults(filter, by: World.admin) == found.count)
        return Set(found.rows.map(\.record.name))
    }

    @Test("adding replaces values and keeps places, all or nothing, up to 20")
    func adding() async throws {
        try await World.with { world in
            let vault = try await tagged(world, "v", ["a": "1", "b": "2"])
            try await world.control.addTags(
                [Tag(key: "a", value: "new"), Tag(key: "c", value: "")], to: vault, by: World.user)
            let shown = try await world.control.showTags(of: vault, by: World.viewer)
            #expect(shown == [Tag(key: "a", value: "new"), Tag(key: "b", value: "2"), Tag(key: "c", value: "")])
            let many = (0..<18).map { Tag(key: "k\($0)", value: "v") }
            await expectRefused(.tagLimit) { try await world.control.addTags(many, to: vault, by: World.admin) }
            #expect(try await world.control.showTags(of: vault, by: World.admin) == shown)
            try await world.control.addTags(Array(many.dropLast()), to: vault, by: World.admin)
            #expect(try await world.control.showTags(of: vault, by: World.admin).count == 20)
            await expectRefused(.invalid) {
                try await world.control.addTags(
                    [Tag(key: "a", value: "1"), Tag(key: "a", value: "2")], to: vault, by: World.admin)
            }
        }
    }

    @Test("removing by key and value removes only that value; a single missing tag is an error, others are not")
    func removing() async throws {
        try await World.with { world in
            let vault = try await tagged(world, "v", ["a": "1", "b": "2"])
            try await world.control.removeTags([Tag(key: "a", value: "other")], from: vault, by: World.admin)
            #expect(try await world.control.showTags(of: vault, by: World.admin).count == 2)
            try await world.control.removeTags(
                [Tag(key: "a", value: "1"), Tag(key: "x", value: nil)], from: vault, by: World.admin)
            #expect(try await world.control.showTags(of: vault, by: World.admin).map(\.key) == ["b"])
            await expectRefused(.tagNotFound) {
                try await world.control.removeTag("a", from: vault, by: World.admin)
            }
            try await world.control.removeTag("b", from: vault, by: World.admin)
            #expect(try await world.control.projectTags(by: World.admin).isEmpty)
        }
    }

    @Test("viewers and strangers change no tags, and strangers see none")
    func rights() async throws {
        try await World.with { world in
            let vault = try await tagged(world, "v", ["a": "1"])
            await expectRefused(.forbidden) {
                try await world.control.addTags([Tag(key: "b", value: "")], to: vault, by: World.viewer)
            }
            await expectRefused(.forbidden) { try await world.control.removeTag("a", from: vault, by: World.viewer) }
            await expectRefused(.vaultNotFound) {
                try await world.control.addTags([Tag(key: "b", value: "")], to: vault, by: World.stranger)
            }
            await expectRefused(.vaultNotFound) { _ = try await world.control.showTags(of: vault, by: World.stranger) }
            #expect(try await world.control.projectTags(by: World.stranger).isEmpty)
        }
    }

    @Test("searches join their conditions as the interface says")
    func searching() async throws {
        try await World.with { world in
            _ = try await tagged(world, "red-large", ["colour": "red", "size": "large"])
            _ = try await tagged(world, "red", ["colour": "red"])
            _ = try await tagged(world, "blue", ["colour": "blue"])
            _ = try await tagged(world, "plain", [:])
            let colour = TagCondition(key: "colour", values: [])
            let red = TagCondition(key: "colour", values: ["red"])
            let large = TagCondition(key: "size", values: ["large", "huge"])
            #expect(try await names(world) { $0.all = [red, large] } == ["red-large"])
            #expect(try await names(world) { $0.all = [colour] } == ["red-large", "red", "blue"])
            #expect(
                try await names(world) { $0.any = [large, TagCondition(key: "colour", values: ["blue"])] }
                    == ["red-large", "blue"])
            #expect(try await names(world) { $0.notAll = [red, large] } == ["red", "blue", "plain"])
            #expect(try await names(world) { $0.notAny = [red, large] } == ["blue", "plain"])
            #expect(
                try await names(world) {
                    $0.isUntagged = true; $0.all = [red]
                } == ["plain"])
            #expect(try await names(world) { $0.all = [TagCondition(key: "colour", values: ["RED"])] } == [])
            let all = try await world.control.projectTags(by: World.admin)
            #expect(all.map(\.key) == ["colour", "size"] && all.first?.values == ["blue", "red"])
        }
    }

    @Test("tags go with their vault, and those from before searches are found after the start")
    func goingAndOld() async throws {
        try await World.with { world in
            let vault = try await tagged(world, "v", ["a": "1"])
            _ = try await world.catalog.write { try $0.execute("DELETE FROM vault_tags") }
            let condition = TagCondition(key: "a", values: ["1"])
            #expect(try await names(world) { $0.all = [condition] } == [])
            #expect(try await world.control.indexOldTags() == 1)
            #expect(try await world.control.indexOldTags() == 0)
            #expect(try await names(world) { $0.all = [condition] } == ["v"])
            try await world.control.deleteVault(vault, by: World.admin)
            try await world.work()
            #expect(try await world.control.projectTags(by: World.admin).isEmpty)
        }
    }

    @Test("a part of a name is found as it is written, whatever it is made of", arguments: ["%", "_", "!", "a_b"])
    func nameParts(_ part: String) async throws {
        try await World.with { world in
            for name in ["a_b!%c", "plain"] {
                _ = try await world.control.createVault(
                    VaultDraft(name: name, objectType: .disk, sizeGiB: 10), by: World.admin)
            }
            var filter = VaultFilter()
            filter.namePart = part
            #expect(
                try await world.control.listVaults(filter, by: World.admin).rows.map(\.record.name) == ["a_b!%c"])
        }
    }
}
