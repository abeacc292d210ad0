import Catalog
public import HoldfastCore

extension ControlPlane {
    /// Adds resources, all or none. One that is in the vault already gets its lists of volumes replaced.
    ///
    /// - Returns: the ids that were given, in their order.
    public func addResources(
        _ references: [ResourceReference], to id: VaultID, by caller: Caller
    ) async throws -> [ResourceID] {
        try caller.mustWrite()
        let now = now
        return try await write { transaction in
            let vault = try transaction.vault(id, in: caller.project)
            guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a new resource") }
            try transaction.add(references, to: vault, now: now)
            return references.map(\.id)
        }
    }

    /// Queues the removal of resources from a vault, with their backups in it; all or none.
    ///
    /// - Returns: the ids that were given, in their order.
    public func removeResources(_ ids: [ResourceID], from id: VaultID, by caller: Caller) async throws -> [ResourceID] {
        try caller.mustWrite()
        try Self.mustDiffer(ids)
        let now = now
        return try await queue { [seams] transaction in
            let vault = try transaction.vault(id, in: caller.project)
            guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a removal") }
            let members = Dictionary(
                uniqueKeysWithValues: try transaction.vaultResources.members(of: id).map { ($0.resource.id, $0) })
            for resource in ids {
                guard let member = members[resource] else { throw ControlError.notInVault(resource) }
                guard !member.isProtecting, !member.isRestoring else {
                    throw ControlError(
                        code: member.isProtecting ? .backupRunning : .restoreRunning,
                        message: "resource \(resource) can't leave the vault while it is "
                            + (member.isProtecting ? "being backed up" : "being restored"),
                        facts: ["resource.id": resource.text])
                }
            }
            let leaving = ids.filter { members[$0]?.membership.isRemoving == false }
            guard !leaving.isEmpty else { return ids }
            for resource in leaving {
                guard var membership = members[resource]?.membership else { continue }
                membership.isRemoving = true
                try transaction.vaultResources.update(membership)
            }
            let backups = try transaction.backups.ofVault(id, resources: leaving)
            try backups.mustAllBeRemovable(from: vault, now: now, "the resources can't leave vault \(id)")
            let busy = Set(try transaction.operations.unfinished(in: caller.project).compactMap(\.backup))
                .union(try transaction.readByOthers(of: caller.project))
            for var backup in backups where backup.state != .deleting {
                guard !busy.contains(backup.id) else { throw ControlError.backupInUse(backup.id) }
                try backup.state.apply(.delete)
                backup.updatedAt = now
                try transaction.backups.update(backup)
            }
            var subject = OperationSubject()
            subject.resources = leaving
            let known = leaving.compactMap { members[$0]?.resource }
            subject.leaving = known.map { LeavingResource(id: $0.id, name: $0.name, type: $0.type) }
            if known.count == 1 { subject.resourceName = known.first?.name }
            if Set(known.map(\.type)).count == 1 { subject.resourceType = known.first?.type }
            subject.backupCount = backups.count
            try transaction.operations.insert(
                .queued(
                    .removeResource, by: caller, vault: vault, resource: leaving.count == 1 ? leaving.first : nil,
                    subject: subject, seams: seams, now: now))
            return ids
        }
    }

    /// Leaves resources out of backups, or takes them in again; all or none.
    public func setSuspended(
        _ isSuspended: Bool, resources ids: [ResourceID], in id: VaultID, by caller: Caller
    ) async throws -> [ResourceID] {
        try caller.mustWrite()
        try Self.mustDiffer(ids)
        return try await write { transaction in
            let vault = try transaction.vault(id, in: caller.project)
            guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a change") }
            for resource in ids {
                guard var membership = try transaction.vaultResources.find(resource, in: caller.project),
                    membership.vault == id
                else { throw ControlError.notInVault(resource) }
                guard !membership.isRemoving else { throw ControlError.beingRemoved(resource) }
                membership.isSuspended = isSuspended
                try transaction.vaultResources.update(membership)
            }
            return ids
        }
    }

    static func mustDiffer(_ ids: [ResourceID]) throws {
        var seen: Set<ResourceID> = []
        for id in ids where !seen.insert(id).inserted { throw ControlError.resourceTwice(id) }
    }
}

extension ControlError {
    static func beingRemoved(_ id: ResourceID) -> Self {
        Self(
            code: .resourceBeingRemoved,
            message: "resource \(id) is being removed from the vault; wait until it is gone",
            facts: ["resource.id": id.text])
    }

    static func backupInUse(_ id: BackupID) -> Self {
        Self(
            code: .backupInUse, message: "an operation on backup \(id) is running; wait until it ends",
            facts: ["backup.id": id.text])
    }
}

extension SQLTransaction {
    /// Puts resources into a vault, or throws; the transaction undoes what it had done by then.
    func add(_ references: [ResourceReference], to vault: VaultRecord, now: Instant) throws {
        try ControlPlane.mustDiffer(references.map(\.id))
        guard vault.protectType == .backup || references.isEmpty else {
            throw ControlError(
                code: .vaultTakesNoResources,
                message: "vault \(vault.id) is for replicas (protect_type replication) and takes no resources",
                facts: ["vault.id": vault.id.text])
        }
        for reference in references {
            let resource = try resource(reference.id, in: vault.project)
            guard reference.type == nil || reference.type == resource.type, vault.objectType.takes(resource.type) else {
                throw ControlError(
                    code: .resourceTypeMismatch,
                    message: "resource \(resource.id) is of type \(resource.type.rawValue), which is not what was "
                        + "given or does not fit a vault for '\(vault.objectType.rawValue)'",
                    facts: ["resource.id": resource.id.text, "resource.type": resource.type.rawValue])
            }
            if var present = try vaultResources.find(resource.id, in: vault.project) {
                guard present.vault == vault.id else {
                    throw ControlError(
                        code: .resourceInOtherVault,
                        message: "resource \(resource.id) is in vault \(present.vault); remove it from there first",
                        facts: ["resource.id": resource.id.text, "vault.id": present.vault.text])
                }
                guard !present.isRemoving else { throw ControlError.beingRemoved(resource.id) }
                present.excludedVolumes = reference.excludedVolumes
                present.includedVolumes = reference.includedVolumes
                try vaultResources.update(present)
            } else {
                try vaultResources.insert(
                    VaultResourceRecord(
                        project: vault.project, vault: vault.id, resource: resource.id, isSuspended: false,
                        isRemoving: false, excludedVolumes: reference.excludedVolumes,
                        includedVolumes: reference.includedVolumes, addedAt: now))
            }
        }
        let count = try vaultResources.count(in: vault.id)
        guard count <= ControlPlane.resourcesPerVaultMax else {
            throw ControlError(
                code: .resourceLimit,
                message: "a vault holds at most \(ControlPlane.resourcesPerVaultMax) resources",
                facts: ["resources": "\(count)"])
        }
    }
}
