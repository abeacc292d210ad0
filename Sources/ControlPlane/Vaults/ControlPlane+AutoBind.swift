public import Catalog
public import HoldfastCore

/// What to change of a resource; nil leaves a part as it is.
public struct ResourceChange: Sendable {
    public var name: String?
    public var tags: [Tag]?

    public init(name: String? = nil, tags: [Tag]? = nil) {
        self.name = name
        self.tags = tags
    }
}

/// Vaults that take resources in by themselves.
///
/// A vault with `autoBind` takes every resource of its kind that is in no vault and has one of its tags; with no tags, every
/// one of its kind. That is looked at when a resource is made known or gets other tags, and when a vault is made or changes:
/// what somebody takes out of a vault stays out until then. Of several vaults the oldest with room takes it.
extension ControlPlane {
    public func updateResource(
        _ id: ResourceID, _ change: ResourceChange, by caller: Caller
    ) async throws -> ResourceView {
        try caller.mustWrite()
        if let name = change.name, !(1...255).contains(name.unicodeScalars.count) {
            throw ControlError.invalid("name", "must have 1 to 255 characters")
        }
        if let tags = change.tags { try Self.mustBeTags(tags) }
        let now = now
        return try await write { transaction in
            let resource = try transaction.resource(id, in: caller.project)
            if let name = change.name {
                try transaction.resources.rename(id, in: caller.project, to: name, now: now)
            }
            if let tags = change.tags {
                try transaction.resourceTags.set(tags, of: id, in: caller.project)
                try transaction.autoBind(resource, now: now)
            }
            return try transaction.view(transaction.resource(id, in: caller.project))
        }
    }

    static func mustBeTags(_ tags: [Tag]) throws {
        try mustDiffer(tags, field: "tags")
        guard tags.count <= tagsPerVaultMax else { throw ControlError.tagLimit(nil) }
    }
}

extension VaultRecord {
    fileprivate func takesByItself(_ type: ResourceType, tags: [Tag]) -> Bool {
        guard state == .available, settings.autoBind, protectType == .backup, objectType.takes(type) else {
            return false
        }
        return settings.bindTags.isEmpty
            || settings.bindTags.contains { rule in
                tags.contains { $0.key == rule.key && ($0.value ?? "") == (rule.value ?? "") }
            }
    }
}

extension SQLTransaction {
    /// Puts a resource that is in no vault into the first that takes it.
    func autoBind(_ resource: ResourceRecord, now: Instant) throws {
        guard try vaultResources.find(resource.id, in: resource.project) == nil else { return }
        let tags = try resourceTags.of(resource.id, in: resource.project)
        for vault in try vaults.autoBinding(in: resource.project)
        where vault.takesByItself(resource.type, tags: tags) {
            guard try vaultResources.count(in: vault.id) < ControlPlane.resourcesPerVaultMax else { continue }
            return try add([ResourceReference(id: resource.id)], to: vault, now: now)
        }
    }

    /// Takes what waits for a vault, as far as there is room.
    func autoBind(into vault: VaultRecord, now: Instant) throws {
        guard vault.settings.autoBind else { return }
        var room = try ControlPlane.resourcesPerVaultMax - vaultResources.count(in: vault.id)
        for resource in try resources.inNoVault(of: vault.project) where room > 0 {
            let tags = try resourceTags.of(resource.id, in: resource.project)
            guard vault.takesByItself(resource.type, tags: tags) else { continue }
            try add([ResourceReference(id: resource.id)], to: vault, now: now)
            room -= 1
        }
    }
}
