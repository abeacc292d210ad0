public import Catalog
public import HoldfastCore

extension ControlPlane {
    /// The interface knows regions with 10 and with 20.
    public static let tagsPerVaultMax = 20

    public func showTags(of id: VaultID, by caller: Caller) async throws -> [Tag] {
        try await read { transaction in try transaction.vault(id, in: caller.project).settings.tags }
    }

    /// Every key and value that vaults of the project have, in order.
    public func projectTags(by caller: Caller) async throws -> [(key: String, values: [String])] {
        try await read { transaction in try transaction.vaultTags.all(in: caller.project) }
    }

    /// Adds tags, all or none. A key that is there gets the new value, and keeps its place.
    public func addTags(_ tags: [Tag], to id: VaultID, by caller: Caller) async throws {
        try caller.mustWrite()
        try Self.mustDiffer(tags, field: "tags")
        try await retag(id, by: caller) { present in
            for tag in tags {
                if let index = present.firstIndex(where: { $0.key == tag.key }) {
                    present[index].value = tag.value
                } else {
                    present.append(tag)
                }
            }
            guard present.count <= Self.tagsPerVaultMax else { throw ControlError.tagLimit(id) }
        }
    }

    /// Removes tags by their keys; one with a value is removed only where the vault has that value. What is not there
    /// is no error.
    public func removeTags(_ tags: [Tag], from id: VaultID, by caller: Caller) async throws {
        try caller.mustWrite()
        try Self.mustDiffer(tags, field: "tags")
        try await retag(id, by: caller) { present in
            for tag in tags {
                present.removeAll { $0.key == tag.key && (tag.value == nil || ($0.value ?? "") == tag.value) }
            }
        }
    }

    /// Removes the one tag with a key, which has to be there.
    public func removeTag(_ key: String, from id: VaultID, by caller: Caller) async throws {
        try caller.mustWrite()
        try await retag(id, by: caller) { present in
            let count = present.count
            present.removeAll { $0.key == key }
            guard present.count < count else {
                throw ControlError(
                    code: .tagNotFound, message: "vault \(id) has no tag with this key",
                    facts: ["vault.id": id.text])
            }
        }
    }

    private func retag(
        _ id: VaultID, by caller: Caller, _ change: @escaping @Sendable (inout [Tag]) throws -> Void
    ) async throws {
        let now = now
        try await write { transaction in
            var vault = try transaction.vault(id, in: caller.project)
            guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a change of tags") }
            let before = vault.settings.tags
            try change(&vault.settings.tags)
            guard vault.settings.tags != before else { return }
            vault.version += 1
            vault.updatedAt = now
            guard try transaction.vaults.retag(vault) else { throw ControlError.vaultChanged(id) }
        }
    }

    /// Lets searches find the tags of vaults from before there were searches.
    ///
    /// - Returns: how many vaults that concerns.
    public func indexOldTags() async throws -> Int {
        try await write { transaction in try transaction.vaultTags.indexOld() }
    }

    static func mustDiffer(_ tags: [Tag], field: String) throws {
        var seen: Set<String> = []
        for tag in tags where !seen.insert(tag.key).inserted {
            throw ControlError.invalid(field, "has the key '\(tag.key)' twice")
        }
    }
}

extension ControlError {
    /// - Parameter vault: nil for one that is being made.
    static func tagLimit(_ vault: VaultID?) -> Self {
        Self(
            code: .tagLimit, message: "a vault has at most \(ControlPlane.tagsPerVaultMax) tags",
            facts: vault.map { ["vault.id": $0.text] } ?? [:])
    }
}
