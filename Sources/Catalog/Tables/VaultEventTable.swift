public import HoldfastCore

public enum VaultEventSubject {}
public typealias VaultEventID = Identifier<VaultEventSubject>

/// Something about a vault that somebody should know.
public struct VaultEventRecord: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The use reached the vault's threshold. Comes again only after it was below.
        case thresholdReached = "threshold_reached"
        /// The vault grew by itself.
        case expanded
        /// Runs of a policy did not take place.
        case runsMissed = "runs_missed"
    }

    public let id: VaultEventID
    public let project: ProjectID
    public let vault: VaultID
    public let vaultName: String
    public let kind: Kind
    /// One sentence.
    public let message: String
    public let createdAt: Instant

    public init(
        id: VaultEventID, project: ProjectID, vault: VaultID, vaultName: String, kind: Kind, message: String,
        createdAt: Instant
    ) {
        self.id = id
        self.project = project
        self.vault = vault
        self.vaultName = vaultName
        self.kind = kind
        self.message = message
        self.createdAt = createdAt
    }
}

/// Events outlive their vaults.
public struct VaultEventTable {
    let transaction: any SQLTransaction

    public func insert(_ record: VaultEventRecord) throws {
        try transaction.execute(
            """
            INSERT INTO vault_events (id, project_id, vault_id, vault_name, kind, message, is_announced, created_at)
            VALUES (?, ?, ?, ?, ?, ?, 0, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.project), SQLValue(record.vault), .text(record.vaultName),
                .text(record.kind.rawValue), .text(record.message), SQLValue(record.createdAt),
            ])
    }

    public func list(in project: ProjectID, vault: VaultID?, _ page: Page<VaultEventID>) throws
        -> Listing<VaultEventRecord>
    {
        var conditions = Conditions()
        conditions.add("t.project_id = ?", SQLValue(project))
        if let vault { conditions.add("t.vault_id = ?", SQLValue(vault)) }
        return try transaction.list(
            "t.*", from: "vault_events t", where: conditions, page: page, marker: { SQLValue($0) },
            row: VaultEventRecord.init)
    }

    /// Of all projects, those that no log has yet; oldest first. They count as announced afterwards.
    public func takeUnannounced() throws -> [VaultEventRecord] {
        let found = try transaction.query(
            "SELECT * FROM vault_events WHERE is_announced = 0 ORDER BY created_at, id LIMIT 100"
        ).map(VaultEventRecord.init)
        for event in found {
            try transaction.execute("UPDATE vault_events SET is_announced = 1 WHERE id = ?", [SQLValue(event.id)])
        }
        return found
    }
}

extension SQLTransaction {
    public var vaultEvents: VaultEventTable { VaultEventTable(transaction: self) }
}

extension VaultEventRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), vault: try row.id("vault_id"),
            vaultName: try row.text("vault_name"), kind: try row.choice("kind"), message: try row.text("message"),
            createdAt: try row.instant("created_at"))
    }
}
