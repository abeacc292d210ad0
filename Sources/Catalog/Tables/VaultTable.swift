public import HoldfastCore

public struct VaultFilter: Sendable {
    public var ids: [VaultID]?
    public var name: String?
    public var objectType: VaultObjectType?
    public var protectType: VaultProtectType?
    public var states: [VaultState]?
    /// Vaults that hold one of these.
    public var resources: [ResourceID]?
    /// Vaults that this policy holds for.
    public var policy: PolicyID?
    /// With this in its name.
    public var namePart: String?
    public var tags: TagSearch?
    public var cloudType: String?
    public var enterpriseProject: String?

    public init() {}
}

public struct VaultTable {
    let transaction: any SQLTransaction

    /// `LIKE` minds case on one database and not on the other; this does on both.
    static let hasSetting = "REPLACE(t.settings, ?, '') <> t.settings"

    /// With ``enterpriseText(_:)`` as its argument; nothing is true of no vault.
    ///
    /// - Parameter vault: the expression of its id.
    static func isOfEnterprise(vault: String) -> String {
        "EXISTS (SELECT 1 FROM vaults v WHERE v.id = \(vault) AND REPLACE(v.settings, ?, '') <> v.settings)"
    }

    static func enterpriseText(_ project: String) -> SQLValue { .text(JSONText.member("enterpriseProject", project)) }

    public func insert(_ record: VaultRecord) throws {
        try transaction.execute(
            """
            INSERT INTO vaults (id, project_id, user_id, name, description, state, object_type, protect_type,
                consistent_level, size_gib, settings, version, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.project), SQLValue(record.user), .text(record.name),
                SQLValue(record.description), .text(record.state.rawValue), .text(record.objectType.rawValue),
                .text(record.protectType.rawValue), .text(record.consistentLevel.rawValue), SQLValue(record.sizeGiB),
                try JSONText.encode(record.settings), SQLValue(record.version), SQLValue(record.createdAt),
                SQLValue(record.updatedAt),
            ])
        try setTags(of: record)
    }

    /// Makes searches find what the record says.
    func setTags(of record: VaultRecord) throws {
        try transaction.execute("DELETE FROM vault_tags WHERE vault_id = ?", [SQLValue(record.id)])
        // Vaults from before searches may have a key twice.
        let byKey = Dictionary(record.settings.tags.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
        for tag in byKey.values {
            try transaction.execute(
                "INSERT INTO vault_tags (project_id, vault_id, tag_key, tag_value) VALUES (?, ?, ?, ?)",
                [SQLValue(record.project), SQLValue(record.id), .text(tag.key), .text(tag.value ?? "")])
        }
    }

    public func find(_ id: VaultID, in project: ProjectID) throws -> VaultRecord? {
        try transaction.query(
            "SELECT * FROM vaults WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)]
        ).first.map(VaultRecord.init)
    }

    /// Whose a vault is, whoever's. For takers of ids that come from elsewhere.
    public func owner(of id: VaultID) throws -> ProjectID? {
        try transaction.query("SELECT project_id FROM vaults WHERE id = ?", [SQLValue(id)]).first?.id("project_id")
    }

    public func list(in project: ProjectID, _ filter: VaultFilter, _ page: Page<VaultID>) throws
        -> Listing<VaultRecord>
    {
        try transaction.list(
            "t.*", from: "vaults t", where: conditions(in: project, filter), page: page, marker: { SQLValue($0) },
            row: VaultRecord.init)
    }

    public func count(in project: ProjectID, _ filter: VaultFilter) throws -> Int {
        let conditions = conditions(in: project, filter)
        return try transaction.query("SELECT COUNT(*) AS n FROM vaults t \(conditions.sql)", conditions.arguments)
            .first?.int("n") ?? 0
    }

    private func conditions(in project: ProjectID, _ filter: VaultFilter) -> Conditions {
        var conditions = Conditions()
        conditions.add("t.project_id = ?", SQLValue(project))
        conditions.add("t.id", in: filter.ids?.map { SQLValue($0) })
        if let name = filter.name { conditions.add("t.name = ?", .text(name)) }
        if let type = filter.objectType { conditions.add("t.object_type = ?", .text(type.rawValue)) }
        if let type = filter.protectType { conditions.add("t.protect_type = ?", .text(type.rawValue)) }
        conditions.add("t.state", in: filter.states?.map { .text($0.rawValue) })
        if let resources = filter.resources {
            var inner = Conditions()
            inner.add("r.resource_id", in: resources.map { SQLValue($0) })
            conditions.add(
                "EXISTS (SELECT 1 FROM vault_resources r \(inner.sql) AND r.vault_id = t.id)", all: inner.arguments)
        }
        if let policy = filter.policy {
            conditions.add(
                "EXISTS (SELECT 1 FROM vault_policies p WHERE p.vault_id = t.id AND p.policy_id = ?)", SQLValue(policy))
        }
        if let part = filter.namePart {
            conditions.add("LOWER(t.name) LIKE ? ESCAPE '!'", .text(LikePattern.containing(part)))
        }
        if let search = filter.tags { conditions.add(search) }
        // Settings are JSON with sorted keys, written by this service alone.
        if let type = filter.cloudType {
            conditions.add(Self.hasSetting, .text(JSONText.member("cloudType", type)))
        }
        if let project = filter.enterpriseProject {
            conditions.add(Self.hasSetting, Self.enterpriseText(project))
        }
        return conditions
    }

    /// Stores what may change. The caller raised `version` by one.
    ///
    /// - Returns: false, and nothing is stored, when the vault is no longer what the caller changed.
    public func update(_ record: VaultRecord) throws -> Bool {
        try transaction.execute(
            """
            UPDATE vaults SET name = ?, description = ?, state = ?, consistent_level = ?, size_gib = ?, settings = ?,
                version = ?, updated_at = ?
            WHERE project_id = ? AND id = ? AND version = ?
            """,
            [
                .text(record.name), SQLValue(record.description), .text(record.state.rawValue),
                .text(record.consistentLevel.rawValue), SQLValue(record.sizeGiB), try JSONText.encode(record.settings),
                SQLValue(record.version), SQLValue(record.updatedAt), SQLValue(record.project), SQLValue(record.id),
                SQLValue(record.version - 1),
            ]) == 1
    }

    /// As ``update(_:)``, with the tags.
    public func retag(_ record: VaultRecord) throws -> Bool {
        guard try update(record) else { return false }
        try setTags(of: record)
        return true
    }

    public func setState(_ state: VaultState, of id: VaultID, now: Instant) throws {
        try transaction.execute(
            "UPDATE vaults SET state = ?, version = version + 1, updated_at = ? WHERE id = ?",
            [.text(state.rawValue), SQLValue(now), SQLValue(id)])
    }

    /// Removes a vault that has no backups left, and what hangs on it.
    public func delete(_ id: VaultID) throws {
        try transaction.execute("DELETE FROM vault_resources WHERE vault_id = ?", [SQLValue(id)])
        try transaction.execute("DELETE FROM checkpoints WHERE vault_id = ?", [SQLValue(id)])
        try transaction.execute("DELETE FROM vault_tags WHERE vault_id = ?", [SQLValue(id)])
        try transaction.execute("DELETE FROM vault_usage WHERE vault_id = ?", [SQLValue(id)])
        try transaction.execute("DELETE FROM policy_runs WHERE vault_id = ?", [SQLValue(id)])
        try transaction.execute("DELETE FROM vault_policies WHERE vault_id = ?", [SQLValue(id)])
        try transaction.execute("DELETE FROM vaults WHERE id = ?", [SQLValue(id)])
    }

    /// The enterprise projects of those among the vaults that have one.
    public func enterpriseProjects(of ids: Set<VaultID>, in project: ProjectID) throws -> [VaultID: String] {
        let wanted = PaddedList(ids.sorted().map { SQLValue($0) })
        let rows = try transaction.query(
            "SELECT id, settings FROM vaults WHERE project_id = ? AND id IN \(wanted.sql)",
            [SQLValue(project)] + wanted.arguments)
        return Dictionary(
            try rows.compactMap { row in
                try VaultRecord.settings.json("settings", of: row).enterpriseProject.map { (try row.id("id"), $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Every vault of a project, oldest first.
    public func all(in project: ProjectID) throws -> [VaultRecord] {
        try transaction.query(
            "SELECT * FROM vaults WHERE project_id = ? ORDER BY created_at, id", [SQLValue(project)]
        ).map(VaultRecord.init)
    }

    /// Vaults of a project that take resources in by themselves, oldest first.
    public func autoBinding(in project: ProjectID) throws -> [VaultRecord] {
        // The condition of the index `vaults_binding`, letter by letter.
        try transaction.query(
            """
            SELECT * FROM vaults WHERE project_id = ? AND REPLACE(settings, '"autoBind":true', '') <> settings
            ORDER BY created_at, id
            """, [SQLValue(project)]
        ).map(VaultRecord.init)
    }

    /// The sizes of all vaults of a project together.
    public func sizeGiB(in project: ProjectID) throws -> Int64 {
        try transaction.query(
            "SELECT CAST(COALESCE(SUM(size_gib), 0) AS BIGINT) AS n FROM vaults WHERE project_id = ?",
            [SQLValue(project)]
        ).first?.int64("n") ?? 0
    }

    /// What the vault's backups take in the repository; see ``UsageTable``.
    public func usedBytes(_ id: VaultID) throws -> Int64 { try transaction.usage.usedBytes(of: id) }
}

extension SQLTransaction {
    public var vaults: VaultTable { VaultTable(transaction: self) }
}

extension VaultRecord {
    static let settings = DecodedTexts<VaultSettings>(countMax: 512)

    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), user: try row.optionalID("user_id"),
            name: try row.text("name"), description: try row.optionalText("description"),
            state: try row.choice("state"), objectType: try row.choice("object_type"),
            protectType: try row.choice("protect_type"), consistentLevel: try row.choice("consistent_level"),
            sizeGiB: try row.int64("size_gib"), settings: try Self.settings.json("settings", of: row),
            version: try row.int64("version"),
            createdAt: try row.instant("created_at"), updatedAt: try row.instant("updated_at"))
    }
}
