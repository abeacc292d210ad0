import HoldfastCore
import TestSupport
import Testing

@testable import Catalog

@Suite("The table of vaults")
struct VaultTableTests {
    private static let project = ProjectID("p")

    private static func vault(_ number: Int) -> VaultRecord {
        VaultRecord(
            id: VaultID("v-\(number)"), project: project, user: nil, name: "v", description: nil, state: .available,
            objectType: .disk, protectType: .backup, consistentLevel: .crashConsistent, sizeGiB: 1,
            settings: VaultSettings(), version: 1, createdAt: Instant(microseconds: 1),
            updatedAt: Instant(microseconds: 1))
    }

    private static func with(
        _ kind: CatalogKind, _ body: @escaping @Sendable (any SQLTransaction) throws -> Void
    ) async throws {
        try await CatalogPlace.with(kind, schema: CoreMigrations.all) { place in
            let catalog = try await place.open(CoreMigrations.all, seams: ManualClock().seams)
            try await catalog.write(body)
            try await catalog.close()
        }
    }

    @Test("stores no change of what is no longer the vault as it was read", arguments: CatalogKind.allCases)
    func versions(kind: CatalogKind) async throws {
        try await Self.with(kind) { transaction in
            try transaction.vaults.insert(Self.vault(1))
            var (mine, theirs) = (Self.vault(1), Self.vault(1))
            (mine.version, mine.name) = (2, "mine")
            (theirs.version, theirs.name) = (2, "theirs")
            theirs.settings.tags = [Tag(key: "k", value: "v")]
            #expect(try transaction.vaults.update(mine))
            #expect(try !transaction.vaults.update(theirs))
            #expect(try !transaction.vaults.retag(theirs))
            #expect(try transaction.vaults.find(mine.id, in: Self.project) == mine)
            #expect(try transaction.query("SELECT * FROM vault_tags").isEmpty)
        }
    }

    @Test("gives the members and the use of a page of vaults as of each alone", arguments: CatalogKind.allCases)
    func pages(kind: CatalogKind) async throws {
        try await Self.with(kind) { transaction in
            for number in 0..<9 {
                let vault = Self.vault(number)
                try transaction.vaults.insert(vault)
                for member in 0..<(number % 3) { try Self.add("r-\(number)-\(member)", to: vault.id, transaction) }
            }
            for count in 0...9 {
                let ids = (0..<count).map { Self.vault($0).id }
                let members = try transaction.vaultResources.members(of: ids)
                let used = try transaction.usage.usedBytes(of: ids)
                #expect(used.count == count)
                for (number, id) in ids.enumerated() {
                    #expect(members[id]?.count ?? 0 == number % 3)
                    #expect(try members[id] ?? [] == transaction.vaultResources.members(of: id))
                    #expect(try used[id] == transaction.usage.usedBytes(of: id))
                }
            }
        }
    }

    private static func add(_ name: String, to vault: VaultID, _ transaction: any SQLTransaction) throws {
        let resource = ResourceRecord(
            project: project, id: ResourceID(name), type: .volume, name: name, location: "file:///\(name)",
            sizeBytes: 1, createdAt: Instant(microseconds: 1), updatedAt: Instant(microseconds: 1))
        try transaction.resources.insert(resource)
        try transaction.vaultResources.insert(
            VaultResourceRecord(
                project: project, vault: vault, resource: resource.id, isSuspended: false, isRemoving: false,
                excludedVolumes: [], addedAt: Instant(microseconds: 1)))
    }
}
