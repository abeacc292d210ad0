public import Catalog

/// A vault with what is computed from its backups.
public struct VaultView: Sendable, Equatable {
    public let record: VaultRecord
    /// In the order in which they were added.
    public let members: [VaultMember]
    /// Bytes that its backups added to the repository.
    public let usedBytes: Int64
    /// The sum of its resources' sizes, as far as they are known.
    public let allocatedBytes: Int64

    init(_ record: VaultRecord, members: [VaultMember], usedBytes: Int64) {
        self.record = record
        self.members = members
        self.usedBytes = usedBytes
        allocatedBytes = members.reduce(0) { $0 + ($1.resource.sizeBytes ?? 0) }
    }
}

/// What a resource shows to be doing in its vault.
public enum ProtectStatus: String, Sendable, CaseIterable {
    case available, error, protecting, restoring, removing
}

extension VaultMember {
    public var protectStatus: ProtectStatus {
        if membership.isRemoving { return .removing }
        if isRestoring { return .restoring }
        if isProtecting { return .protecting }
        return lastFailed ? .error : .available
    }
}

extension SQLTransaction {
    func view(_ vault: VaultRecord) throws -> VaultView {
        VaultView(
            vault, members: try vaultResources.members(of: vault.id), usedBytes: try vaults.usedBytes(vault.id))
    }

    /// Of a whole page, in two queries.
    func views(_ records: [VaultRecord]) throws -> [VaultView] {
        guard !records.isEmpty else { return [] }
        let ids = records.map(\.id)
        let members = try vaultResources.members(of: ids)
        let used = try usage.usedBytes(of: ids)
        return records.map { VaultView($0, members: members[$0.id] ?? [], usedBytes: used[$0.id] ?? 0) }
    }
}
