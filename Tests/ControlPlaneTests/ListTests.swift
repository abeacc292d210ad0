import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Lists are paged without gaps or doubles")
struct ListTests {
    @Test("by offset and by marker, newest first; past the end is empty", arguments: [1, 3, 7, 1000])
    func pages(limit: Int) async throws {
        try await World.with { world in
            for index in 0..<10 {
                _ = try await world.register("r\(index)")
                // Some share their moment: the id then decides.
                if index.isMultiple(of: 3) { world.clock.advance(by: .seconds(1)) }
            }
            let all = try await world.control.listResources(by: World.admin)
            #expect(all.count == 10 && all.rows.count == 10)
            let ids = all.rows.map(\.record.id)
            #expect(all.rows.map(\.record.createdAt) == all.rows.map(\.record.createdAt).sorted(by: >))

            var byOffset: [ResourceID] = []
            var byMarker: [ResourceID] = []
            while true {
                let page = try await world.control.listResources(
                    page: Page(limit: limit, offset: byOffset.count), by: World.admin)
                #expect(page.count == 10)
                if page.rows.isEmpty { break }
                byOffset += page.rows.map(\.record.id)
            }
            while true {
                let page = try await world.control.listResources(
                    page: Page(limit: limit, marker: byMarker.last), by: World.admin)
                if page.rows.isEmpty { break }
                byMarker += page.rows.map(\.record.id)
            }
            #expect(byOffset == ids && byMarker == ids)
        }
    }

    @Test("in any order that is asked for, by marker too", arguments: [1, 2, 5])
    func order(limit: Int) async throws {
        try await World.with { world in
            var resources: [ResourceID] = []
            for name in ["b", "a", "c", "d", "e"] { resources.append(try await world.register(name)) }
            let vault = try await world.vault(resources)
            for (name, resource) in zip(["y", "z", "x", "z", "y"], resources) {
                world.clock.advance(by: .seconds(1))
                let checkpoint = CheckpointDraft(vault: vault, name: name, resources: [ResourceReference(id: resource)])
                _ = try await world.control.createCheckpoint(checkpoint, by: World.admin)
            }
            func names(_ order: [ListOrder]) async throws -> [String] {
                var found: [BackupView] = []
                while true {
                    let page = Page(limit: limit, marker: found.last?.record.id, order: order)
                    let rows = try await world.control.listBackups(page: page, by: World.admin).rows
                    if rows.isEmpty { return found.map { $0.record.name + "/" + $0.record.resourceName } }
                    found += rows
                }
            }
            let newest = ["y/e", "z/d", "x/c", "z/a", "y/b"]
            #expect(try await names([]) == newest)
            #expect(try await names([ListOrder(.createdAt, isDescending: false)]) == newest.reversed())
            let byName = [ListOrder(.name), ListOrder(.createdAt, isDescending: false)]
            #expect(try await names(byName) == ["z/a", "z/d", "y/b", "y/e", "x/c"])
            // All alike in these: the ids decide, each of them once.
            for key in [SortKey.protectedAt, .status] {
                #expect(try await names([ListOrder(key)]).sorted() == newest.sorted())
            }
        }
    }

    @Test("filters give only what matches")
    func filters() async throws {
        try await World.with { world in
            let (a, b) = (try await world.register("a"), try await world.register("b"))
            let (first, second) = (try await world.vault([a]), try await world.vault([b]))
            let checkpoint = try await world.checkpoint(first)
            _ = try await world.checkpoint(second)
            try await world.work()
            let backup = try #require(try await world.backups(first).first).record
            try await world.control.deleteBackup(backup.id, by: World.admin)

            func backups(_ change: (inout BackupFilter) -> Void) async throws -> Int {
                var filter = BackupFilter()
                change(&filter)
                return try await world.control.listBackups(filter, by: World.admin).count
            }
            #expect(try await backups { $0.statuses = [.waitingDelete] } == 1)
            #expect(try await backups { $0.statuses = [.available, .waitingDelete] } == 2)
            #expect(try await backups { $0.statuses = [] } == 0)
            #expect(try await backups { $0.checkpoint = checkpoint.record.id } == 1)
            #expect(try await backups { $0.resources = [a, b] } == 2)
            #expect(try await backups { $0.resourceName = "b" } == 1)
            #expect(try await backups { $0.resourceType = .server } == 0)
            #expect(
                try await backups {
                    $0.name = backup.name; $0.vault = first
                } == 1)

            func vaults(_ change: (inout VaultFilter) -> Void) async throws -> [VaultID] {
                var filter = VaultFilter()
                change(&filter)
                return try await world.control.listVaults(filter, by: World.admin).rows.map(\.record.id)
            }
            #expect(try await vaults { $0.resources = [b] } == [second])
            #expect(try await vaults { $0.ids = [first, VaultID("x")] } == [first])
            #expect(try await vaults { $0.objectType = .turbo } == [])

            func operations(_ change: (inout OperationFilter) -> Void) async throws -> Int {
                var filter = OperationFilter()
                change(&filter)
                return try await world.control.listOperations(filter, by: World.admin).count
            }
            #expect(try await operations { $0.kind = .delete } == 1)
            #expect(try await operations { $0.status = .waiting } == 1)
            #expect(try await operations { $0.status = .success } == 2)
            #expect(try await operations { $0.vault = first } == 2)
            #expect(try await operations { $0.backup = backup.id } == 2)
            #expect(try await operations { $0.resourceName = "a" } == 2)
            #expect(try await operations { $0.resourceTypes = [.volume, .server] } == 3)
            #expect(try await operations { $0.resourceTypes = [] } == 0)
            #expect(try await operations { $0.from = Instant(microseconds: .max) } == 0)
        }
    }
}
