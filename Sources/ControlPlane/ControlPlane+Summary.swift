public import Catalog
public import HoldfastCore

/// All vaults of a project together.
public struct VaultSummary: Sendable, Equatable {
    public let sizeGiB: Int64
    public let usedBytes: Int64
}

extension ControlPlane {
    public func summary(by caller: Caller) async throws -> VaultSummary {
        try await read { transaction in
            VaultSummary(
                sizeGiB: try transaction.vaults.sizeGiB(in: caller.project),
                usedBytes: try transaction.usage.usedBytes(in: caller.project))
        }
    }

    /// What the backups of each resource take, in order of the resources' ids. Resources without backups are left out.
    public func storageUsage(
        _ filter: StorageUsageFilter, limit: Int, offset: Int, by caller: Caller
    ) async throws -> Listing<ResourceUsage> {
        try await read { transaction in
            try transaction.usage.byResource(in: caller.project, filter, limit: limit, offset: offset)
        }
    }

    /// Sets how vaults warn, on every vault of the project that is not being deleted.
    ///
    /// - Returns: their ids; none when nothing is to be set.
    public func updateAlerts(
        notifies: Bool?, thresholdPercent: Int?, by caller: Caller
    ) async throws -> [VaultID] {
        try caller.mustWrite()
        guard notifies != nil || thresholdPercent != nil else { return [] }
        let now = now
        return try await write { [seams] transaction in
            let vaults = try transaction.vaults.all(in: caller.project).filter { $0.state != .deleting }
            for var vault in vaults {
                if let notifies { vault.settings.notifies = notifies }
                if let thresholdPercent { vault.settings.thresholdPercent = thresholdPercent }
                vault.version += 1
                vault.updatedAt = now
                guard try transaction.vaults.update(vault) else { throw ControlError.vaultChanged(vault.id) }
                try transaction.noteUse(of: vault, seams: seams, now: now)
            }
            return vaults.map(\.id)
        }
    }
}
