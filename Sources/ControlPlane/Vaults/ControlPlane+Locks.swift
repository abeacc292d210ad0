public import Catalog
public import HoldfastCore

/// What the repository itself is to be told about how long a backup stays.
public struct LockOrder: Sendable, Equatable {
    public enum Hold: Sendable, Equatable {
        case begins(reason: String)
        case ends
    }

    public let backup: BackupID
    public let restorePoint: RestorePointID
    /// Nil: nothing new; ``Instant/never``: for ever.
    public let keepUntil: Instant?
    /// Nil: nothing new.
    public let hold: Hold?
}

/// Locks and holds begin in the catalog, and are written to the repository soon after. What is still to be written is always
/// read from the catalog, never remembered: so it does not matter which call changed it, or when a server ended.
extension ControlPlane {
    /// Of all projects, what the repository does not know yet.
    public func pendingLocks(limit: Int) async throws -> [LockOrder] {
        let now = now
        return try await read { transaction in
            var orders: [BackupID: LockOrder] = [:]
            for backup in try transaction.backups.unkeptHolds(limit: limit) {
                orders[backup.id] = LockOrder(backup, isVaultLocked: false)
            }
            for vault in try transaction.vaults.locked() {
                for backup in try transaction.backups.unkept(in: vault.id, now: now, limit: limit) {
                    orders[backup.id] = LockOrder(backup, isVaultLocked: true)
                }
                if orders.count >= limit { break }
            }
            return orders.values.sorted { $0.backup < $1.backup }
        }
    }

    /// Notes what the repository knows now.
    public func noteKept(_ orders: [LockOrder]) async throws {
        guard !orders.isEmpty else { return }
        try await write { transaction in
            for order in orders {
                guard let owner = try transaction.backups.owner(of: order.backup),
                    let record = try transaction.backups.find(order.backup, in: owner)?.record
                else { continue }
                let isHeld: Bool
                switch order.hold {
                case .begins: isHeld = true
                case .ends: isHeld = false
                case nil: isHeld = record.isHoldKept
                }
                try transaction.backups.setKept(order.backup, until: order.keepUntil, isHoldKept: isHeld)
            }
        }
    }
}

extension LockOrder {
    /// - Returns: nil for a backup without a restore point.
    fileprivate init?(_ backup: BackupRecord, isVaultLocked: Bool) {
        guard let restorePoint = backup.restorePoint else { return nil }
        let hold: Hold? =
            switch (backup.hold, backup.isHoldKept) {
            case (let hold?, false): .begins(reason: hold.reason)
            case (nil, true): .ends
            default: nil
            }
        self.init(
            backup: backup.id, restorePoint: restorePoint,
            keepUntil: isVaultLocked ? backup.expiresAt?.orNever ?? .never : nil, hold: hold)
    }
}
