import Catalog
import Foundation
import HoldfastCore

/// Why a backup can't be removed now, by anybody.
enum RemovalBar: Sendable, Equatable {
    case held(reason: String)
    /// Its vault is locked, or the repository itself keeps it, and its time has not come; nil: it never comes.
    case locked(until: Instant?)

    /// What holds a backup that has bytes in the repository. One without any may always go.
    init?(_ backup: BackupRecord, in vault: VaultRecord, now: Instant) {
        guard backup.restorePoint != nil else { return nil }
        if let hold = backup.hold {
            self = .held(reason: hold.reason)
            return
        }
        // What the repository was told binds in any vault: the one that was locked may be gone with its catalog.
        let byVault = vault.settings.isLocked ? backup.expiresAt ?? .never : nil
        guard let until = [byVault, backup.keptUntil].compactMap({ $0 }).max(), until > now else { return nil }
        self = .locked(until: until == .never ? nil : until)
    }
}

extension BackupRecord {
    /// - Throws: ``ControlError`` with `.backupHeld` or `.backupLocked`.
    func mustBeRemovable(from vault: VaultRecord, now: Instant) throws {
        guard let bar = RemovalBar(self, in: vault, now: now) else { return }
        let facts = ["backup.id": id.text, "vault.id": vault.id.text]
        switch bar {
        case .held(let reason):
            throw ControlError(
                code: .backupHeld, message: "backup \(id) is under a legal hold (\(reason)); release it first",
                facts: facts)
        case .locked(let until):
            let time = until.map { "until \(Self.text($0))" } ?? "for ever: it has no time of expiry"
            throw ControlError(
                code: .backupLocked,
                message: vault.settings.isLocked
                    ? "backup \(id) is in the locked vault \(vault.id) and stays \(time)"
                    : "backup \(id) was locked and stays \(time)",
                facts: facts)
        }
    }

    private static func text(_ moment: Instant) -> String { moment.date.formatted(.iso8601) }
}

extension [BackupRecord] {
    /// That all of a vault's backups, or those of some of its resources, may go with what holds them.
    func mustAllBeRemovable(from vault: VaultRecord, now: Instant, _ attempt: String) throws {
        let barred = filter { RemovalBar($0, in: vault, now: now) != nil }
        guard !barred.isEmpty else { return }
        throw ControlError(
            code: .vaultProtected,
            message: "\(attempt): \(barred.count) of its backups are under a legal hold or locked until their time",
            facts: ["vault.id": vault.id.text, "backups": "\(barred.count)"])
    }
}
