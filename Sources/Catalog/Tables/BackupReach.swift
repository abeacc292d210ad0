public import HoldfastCore

/// Whose backups a list is to have.
public enum BackupOwnership: Sendable, CaseIterable {
    case own
    /// Other projects', shared with this one, whatever it answered.
    case shared
    case all
}

/// Where a project's lists of backups look, and what they see there: of its own backups everything; of others' only that
/// they are shared with it. There the vault is the one it accepted them into, and restore points stay unknown.
struct BackupReach {
    /// What follows FROM: the backups are `t`, the project's unfinished operation is `o`.
    let source: String
    /// The same without operations, for counts that don't ask how backups stand.
    let counted: String
    /// With the project as its one argument.
    let scope: String
    let columns: String
    let vault: String
    let checkpoint: String
    let parent: String
    let memberStatus: String
    private let isOwn: Bool

    static let own = BackupReach(.own)

    init(_ ownership: BackupOwnership) {
        switch ownership {
        case .own:
            counted = "backups t"
            source = "\(counted) LEFT JOIN operations o ON \(BackupTable.unfinished) AND o.project_id = t.project_id"
            scope = "t.project_id = ?"
            vault = "t.vault_id"
            checkpoint = "t.checkpoint_id"
            parent = "t.parent_id"
            memberStatus = "NULL"
        case .shared:
            counted = "backup_members m JOIN backups t ON t.id = m.backup_id"
            source = "\(counted) LEFT JOIN operations o ON \(BackupTable.unfinished) AND o.project_id = m.project_id"
            scope = "m.project_id = ?"
            vault = "m.vault_id"
            checkpoint = "NULL"
            parent = "NULL"
            memberStatus = "m.status"
        case .all:
            counted = """
                (SELECT id AS backup_id, project_id FROM backups
                    UNION ALL SELECT backup_id, project_id FROM backup_members) g
                JOIN backups t ON t.id = g.backup_id
                LEFT JOIN backup_members m ON m.backup_id = g.backup_id AND m.project_id = g.project_id
                """
            source = "\(counted) LEFT JOIN operations o ON \(BackupTable.unfinished) AND o.project_id = g.project_id"
            scope = "g.project_id = ?"
            vault = "CASE WHEN m.id IS NULL THEN t.vault_id ELSE m.vault_id END"
            checkpoint = "CASE WHEN m.id IS NULL THEN t.checkpoint_id ELSE NULL END"
            parent = "CASE WHEN m.id IS NULL THEN t.parent_id ELSE NULL END"
            memberStatus = "m.status"
        }
        isOwn = ownership == .own
        columns = BackupTable.columns + (isOwn ? "" : ", \(Self.shareColumns)")
    }

    func view(_ row: SQLRow) throws -> BackupView { isOwn ? try BackupView(row) : try BackupView(granted: row) }

    private static let shareColumns = """
        m.id AS share_id, m.owner_id AS share_owner_id, m.project_id AS share_project_id, m.status AS share_status,
        m.vault_id AS share_vault_id, m.version AS share_version, m.created_at AS share_created_at,
        m.updated_at AS share_updated_at
        """
}

extension BackupTable {
    /// Another project's backup that is shared with this one, whatever it answered.
    public func findShared(_ id: BackupID, with project: ProjectID) throws -> BackupView? {
        let reach = BackupReach(.shared)
        let found = try transaction.query(
            "SELECT \(reach.columns) FROM \(reach.source) WHERE \(reach.scope) AND t.id = ?",
            [SQLValue(project), SQLValue(id)])
        return try found.first.map { row in try reach.view(row) }
    }
}

extension BackupView {
    /// From a row that may have columns of a sharing.
    fileprivate init(granted row: SQLRow) throws {
        let plain = try BackupView(row)
        self.init(
            record: plain.record, status: plain.status, progressPercent: plain.progressPercent,
            share: try MemberRecord(sharing: plain.record.id, row))
    }
}
