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
        let members = try vaultResources.members(of: vault.id)
        return VaultView(
            record: vault, members: members, usedBytes: try vaults.usedBytes(vault.id),
            allocatedBytes: members.reduce(0) { $0 + ($1.resource.sizeBytes ?? 0) })
    }
}
