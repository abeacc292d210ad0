public import Catalog
public import HoldfastCore

/// A resource as a caller names it.
public struct ResourceReference: Sendable, Equatable {
    public var id: ResourceID
    /// Nil when the caller gave none; a given one has to be right.
    public var type: ResourceType?
    public var excludedVolumes: [String]
    public var includedVolumes: [IncludedVolume]

    public init(
        id: ResourceID, type: ResourceType? = nil, excludedVolumes: [String] = [],
        includedVolumes: [IncludedVolume] = []
    ) {
        self.id = id
        self.type = type
        self.excludedVolumes = excludedVolumes
        self.includedVolumes = includedVolumes
    }
}

public struct VaultDraft: Sendable {
    public var name: String
    public var description: String?
    public var objectType: VaultObjectType
    public var protectType: VaultProtectType
    public var consistentLevel: ConsistentLevel
    public var sizeGiB: Int64
    public var settings: VaultSettings
    public var resources: [ResourceReference]
    /// A backup policy that holds for it from the beginning.
    public var policy: PolicyID?

    public init(
        name: String, description: String? = nil, objectType: VaultObjectType, protectType: VaultProtectType = .backup,
        consistentLevel: ConsistentLevel = .crashConsistent, sizeGiB: Int64, settings: VaultSettings = VaultSettings(),
        resources: [ResourceReference] = [], policy: PolicyID? = nil
    ) {
        self.policy = policy
        self.name = name
        self.description = description
        self.objectType = objectType
        self.protectType = protectType
        self.consistentLevel = consistentLevel
        self.sizeGiB = sizeGiB
        self.settings = settings
        self.resources = resources
    }
}

/// What to change of a vault; nil leaves a part as it is.
public struct VaultChange: Sendable {
    public var name: String?
    public var sizeGiB: Int64?
    public var consistentLevel: ConsistentLevel?
    public var isLocked: Bool?
    /// The other settings; `isLocked` and `tags` in what it gives back are not looked at.
    public var settings: (@Sendable (inout VaultSettings) -> Void)?

    public init(
        name: String? = nil, sizeGiB: Int64? = nil, consistentLevel: ConsistentLevel? = nil, isLocked: Bool? = nil,
        settings: (@Sendable (inout VaultSettings) -> Void)? = nil
    ) {
        self.name = name
        self.sizeGiB = sizeGiB
        self.consistentLevel = consistentLevel
        self.isLocked = isLocked
        self.settings = settings
    }
}

extension ControlPlane {
    static let sizeGiBRange: ClosedRange<Int64> = 1...10_485_760

    public func createVault(_ draft: VaultDraft, by caller: Caller) async throws -> VaultView {
        try caller.mustWrite()
        guard Self.sizeGiBRange.contains(draft.sizeGiB) else { throw Self.badSize }
        try Self.mustDiffer(draft.settings.tags, field: "tags")
        guard draft.settings.tags.count <= Self.tagsPerVaultMax else { throw ControlError.tagLimit(nil) }
        let now = now
        let record = VaultRecord(
            id: .randomDashed(seams.randomBytes), project: caller.project, user: caller.user, name: draft.name,
            description: draft.description, state: .available, objectType: draft.objectType,
            protectType: draft.protectType, consistentLevel: draft.consistentLevel, sizeGiB: draft.sizeGiB,
            settings: draft.settings, version: 1, createdAt: now, updatedAt: now)
        let rules = policyRules
        return try await write { transaction in
            try transaction.vaults.insert(record)
            try transaction.add(draft.resources, to: record, now: now)
            try transaction.autoBind(into: record, now: now)
            if let id = draft.policy {
                let policy = try transaction.policy(id, in: caller.project)
                guard policy.kind == .backup else {
                    throw ControlError.invalid("vault.backup_policy_id", "names no backup policy")
                }
                _ = try transaction.bind(policy, to: record, destination: nil, rules, now: now)
            }
            return try transaction.view(record)
        }
    }

    public func listVaults(
        _ filter: VaultFilter = VaultFilter(), page: Page<VaultID> = Page(), by caller: Caller
    ) async throws -> Listing<VaultView> {
        try await read { transaction in
            let found = try transaction.vaults.list(in: caller.project, filter, page)
            return Listing(rows: try transaction.views(found.rows), count: found.count)
        }
    }

    /// The enterprise projects of those among a caller's vaults that have one.
    public func enterpriseProjects(of vaults: Set<VaultID>, by caller: Caller) async throws -> [VaultID: String] {
        guard !vaults.isEmpty else { return [:] }
        return try await read { transaction in
            try transaction.vaults.enterpriseProjects(of: vaults, in: caller.project)
        }
    }

    public func countVaults(_ filter: VaultFilter, by caller: Caller) async throws -> Int {
        try await read { transaction in try transaction.vaults.count(in: caller.project, filter) }
    }

    public func showVault(_ id: VaultID, by caller: Caller) async throws -> VaultView {
        try await read { transaction in try transaction.view(transaction.vault(id, in: caller.project)) }
    }

    public func updateVault(_ id: VaultID, _ change: VaultChange, by caller: Caller) async throws -> VaultView {
        try caller.mustWrite()
        let now = now
        return try await write { [seams] transaction in
            var vault = try transaction.vault(id, in: caller.project)
            guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a change") }
            if let name = change.name { vault.name = name }
            if let size = change.sizeGiB {
                guard Self.sizeGiBRange.contains(size) else { throw Self.badSize }
                let used = try transaction.vaults.usedBytes(id)
                guard size << 30 >= used else {
                    throw ControlError(
                        code: .badVaultSize,
                        message:
                            "vault \(id) can't shrink to \(size) GB: \(ControlPlane.megabytes(used)) MB of it are used",
                        facts: ["vault.id": id.text, "used_bytes": "\(used)"])
                }
                vault.sizeGiB = size
            }
            if let level = change.consistentLevel { vault.consistentLevel = level }
            let before = vault.settings
            change.settings?(&vault.settings)
            vault.settings.tags = before.tags
            vault.settings.isLocked = before.isLocked || change.isLocked ?? false
            guard !(before.isLocked && change.isLocked == false) else {
                throw ControlError(
                    code: .vaultLocked,
                    message: "vault not support to modify locked attribute from true to false.",
                    facts: ["vault.id": id.text])
            }
            vault.version += 1
            vault.updatedAt = now
            guard try transaction.vaults.update(vault) else { throw ControlError.vaultChanged(id) }
            if vault.settings.isLocked, !before.isLocked {
                // Also those that are still on their way, or on their way out: that may fail.
                try transaction.stampTimes(of: transaction.backups.ofVault(id), in: vault, now: now)
            }
            if (vault.settings.autoBind, vault.settings.bindTags) != (before.autoBind, before.bindTags) {
                try transaction.autoBind(into: vault, now: now)
            }
            try transaction.noteUse(of: vault, seams: seams, now: now)
            return try transaction.view(transaction.vault(id, in: caller.project))
        }
    }

    /// Queues the removal of a vault and all its backups. A vault that is being removed already is left to it.
    public func deleteVault(_ id: VaultID, by caller: Caller) async throws {
        try caller.mustDeleteVaults()
        let now = now
        try await queue { [seams] transaction in
            let vault = try transaction.vault(id, in: caller.project)
            guard vault.state != .deleting else { return }
            let unfinished = try transaction.operations.unfinished(in: caller.project).filter { $0.vault == id }
            if let running = unfinished.first(where: { $0.kind == .backup }) ?? unfinished.first {
                throw ControlError(
                    code: running.kind == .backup ? .backupRunning : .vaultBusy,
                    message: "vault \(id) can't be deleted while its \(running.kind.rawValue) operation \(running.id) "
                        + "is running; wait until it ends",
                    facts: ["vault.id": id.text, "operation.id": running.id.text])
            }
            let backups = try transaction.backups.ofVault(id)
            try backups.mustAllBeRemovable(from: vault, now: now, "vault \(id) can't be deleted")
            let inUse = try transaction.readByOthers(of: caller.project)
            if let read = backups.first(where: { inUse.contains($0.id) }) { throw ControlError.backupInUse(read.id) }
            try transaction.loseShares(in: id, of: caller.project, now: now)
            for var backup in backups where backup.state != .deleting {
                try backup.state.apply(.delete)
                backup.updatedAt = now
                try transaction.backups.update(backup)
            }
            try transaction.vaults.setState(.deleting, of: id, now: now)
            var subject = OperationSubject()
            subject.backupCount = backups.count
            try transaction.operations.insert(
                .queued(.vaultDelete, by: caller, vault: vault, subject: subject, seams: seams, now: now))
        }
    }

    private static var badSize: ControlError {
        ControlError(
            code: .badVaultSize,
            message: "'size' must be \(sizeGiBRange.lowerBound) to \(sizeGiBRange.upperBound) GB",
            facts: ["field": "size"])
    }
}

extension ControlError {
    static func vaultChanged(_ id: VaultID) -> Self {
        Self(
            code: .vaultChanged, message: "vault \(id) was changed by somebody else meanwhile; try again",
            facts: ["vault.id": id.text])
    }
}
