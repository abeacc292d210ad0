public import HoldfastCore

/// What an operation shows to be doing.
public enum OperationStatus: String, Sendable, CaseIterable {
    case waiting = "queued"
    case running
    case success = "succeeded"
    case failed
}

public struct OperationFilter: Sendable, Equatable {
    public var kind: OperationKind?
    public var status: OperationStatus?
    public var vault: VaultID?
    public var vaultName: String?
    public var checkpoint: CheckpointID?
    public var backup: BackupID?
    public var resource: ResourceID?
    public var resourceName: String?
    public var resourceTypes: [ResourceType]?
    /// Of the vault, as long as there is one.
    public var enterpriseProject: String?
    /// Created at or after.
    public var from: Instant?
    /// Created at or before.
    public var until: Instant?

    public init() {}
}

public struct OperationTable {
    let transaction: any SQLTransaction

    public func insert(_ record: OperationRecord) throws {
        try transaction.execute(
            """
            INSERT INTO operations (id, project_id, kind, state, vault_id, vault_name, checkpoint_id, backup_id,
                resource_id, resource_name, resource_type, subject, request_id, progress, details, error_code, error_message, attempt, fence, worker,
                lease_ends, created_at, updated_at, started_at, ended_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(record.id), SQLValue(record.project), .text(record.kind.rawValue), .text(record.state.stored),
                SQLValue(record.vault), SQLValue(record.vaultName), SQLValue(record.checkpoint),
                SQLValue(record.backup), SQLValue(record.resource), SQLValue(record.subject.resourceName),
                SQLValue(record.subject.resourceType?.rawValue), try JSONText.encode(record.subject),
                .text(record.requestID),
            ] + (try changing(record)) + [
                SQLValue(record.createdAt), SQLValue(record.updatedAt), SQLValue(record.startedAt),
                SQLValue(record.endedAt),
            ])
    }

    /// Stores what may change, if nobody took the operation over since `fence` was read.
    ///
    /// - Returns: false when somebody did; nothing is changed then.
    public func update(_ record: OperationRecord, expecting fence: Int64) throws -> Bool {
        try transaction.execute(
            """
            UPDATE operations SET progress = ?, details = ?, error_code = ?, error_message = ?, attempt = ?, fence = ?,
                worker = ?, lease_ends = ?, state = ?, updated_at = ?, started_at = ?, ended_at = ?
            WHERE id = ? AND fence = ?
            """,
            try changing(record) + [
                .text(record.state.stored), SQLValue(record.updatedAt), SQLValue(record.startedAt),
                SQLValue(record.endedAt), SQLValue(record.id), SQLValue(fence),
            ]) == 1
    }

    private func changing(_ record: OperationRecord) throws -> [SQLValue] {
        var failure: OperationFailure?
        var lease: Lease?
        switch record.state {
        case .failed(let found): failure = found
        case .running(let found): lease = found
        case .queued, .succeeded: break
        }
        return [
            SQLValue(record.progressPercent), try JSONText.encode(record.details), SQLValue(failure?.code.rawValue),
            SQLValue(failure?.message), SQLValue(record.attempt), SQLValue(record.fence), SQLValue(lease?.worker),
            SQLValue(lease?.endsAt),
        ]
    }

    public func find(_ id: OperationID, in project: ProjectID) throws -> OperationRecord? {
        try transaction.query(
            "SELECT * FROM operations WHERE project_id = ? AND id = ?", [SQLValue(project), SQLValue(id)]
        ).first.map(OperationRecord.init)
    }

    public func list(in project: ProjectID, _ filter: OperationFilter, _ page: Page<OperationID>) throws
        -> Listing<OperationRecord>
    {
        var conditions = Conditions()
        conditions.add("t.project_id = ?", SQLValue(project))
        if let kind = filter.kind { conditions.add("t.kind = ?", .text(kind.rawValue)) }
        if let status = filter.status { conditions.add("t.state = ?", .text(status.rawValue)) }
        if let vault = filter.vault { conditions.add("t.vault_id = ?", SQLValue(vault)) }
        if let name = filter.vaultName { conditions.add("t.vault_name = ?", .text(name)) }
        if let checkpoint = filter.checkpoint { conditions.add("t.checkpoint_id = ?", SQLValue(checkpoint)) }
        if let backup = filter.backup { conditions.add("t.backup_id = ?", SQLValue(backup)) }
        if let resource = filter.resource { conditions.add("t.resource_id = ?", SQLValue(resource)) }
        if let name = filter.resourceName { conditions.add("t.resource_name = ?", .text(name)) }
        conditions.add("t.resource_type", in: filter.resourceTypes?.map { .text($0.rawValue) })
        if let enterprise = filter.enterpriseProject {
            conditions.add(VaultTable.isOfEnterprise(vault: "t.vault_id"), VaultTable.enterpriseText(enterprise))
        }
        if let from = filter.from { conditions.add("t.created_at >= ?", SQLValue(from)) }
        if let until = filter.until { conditions.add("t.created_at <= ?", SQLValue(until)) }
        return try transaction.list(
            "t.*", from: "operations t", count: try counted(in: project, filter), where: conditions, page: page,
            marker: { SQLValue($0) }, row: OperationRecord.init)
    }

    /// Of all of a project, or those of one kind, state or type: the filters that most of a million rows may meet.
    private func counted(in project: ProjectID, _ filter: OperationFilter) throws -> Int? {
        var rest = filter
        (rest.kind, rest.status, rest.resourceTypes) = (nil, nil, nil)
        guard rest == OperationFilter() else { return nil }
        var terms: [(column: String, value: SQLValue)] = [("project_id", SQLValue(project))]
        if let kind = filter.kind { terms.append(("kind", .text(kind.rawValue))) }
        if let status = filter.status { terms.append(("state", .text(status.rawValue))) }
        if let types = filter.resourceTypes {
            guard types.count == 1 else { return nil }
            terms += types.map { ("resource_type", .text($0.rawValue)) }
        }
        return terms.count <= 2 ? try transaction.count("operations", where: terms) : nil
    }

    /// Queued and running ones, oldest first.
    ///
    /// - Parameters:
    ///   - kind: nil for every kind.
    ///   - project: nil for every project's.
    public func unfinished(_ kind: OperationKind? = nil, in project: ProjectID? = nil) throws -> [OperationRecord] {
        var conditions = Conditions()
        conditions.add("state IN ('queued', 'running')")
        if let kind { conditions.add("kind = ?", .text(kind.rawValue)) }
        if let project { conditions.add("project_id = ?", SQLValue(project)) }
        return try transaction.query(
            "SELECT * FROM operations \(conditions.sql) ORDER BY created_at, id", conditions.arguments
        ).map(OperationRecord.init)
    }

    /// The operation whose turn it is: of the project with the fewest running ones, then of the one that was served
    /// longest ago; there the oldest. Queued ones, and running ones whose lease has ended.
    ///
    /// However many wait, only the projects among them are put in order; a project's oldest comes from the index.
    public func next(now: Instant) throws -> OperationRecord? {
        let turns = try transaction.query(
            """
            SELECT p.project_id FROM (
                SELECT project_id, SUM(CASE WHEN state = 'running' AND lease_ends > ? THEN 1 ELSE 0 END) AS running,
                    SUM(CASE WHEN state = 'queued' OR lease_ends <= ? THEN 1 ELSE 0 END) AS free,
                    MIN(created_at) AS oldest
                FROM operations WHERE state IN ('queued', 'running') GROUP BY project_id
            ) p LEFT JOIN worker_turns w ON w.project_id = p.project_id
            WHERE p.free > 0
            ORDER BY p.running, COALESCE(w.turn, 0), p.oldest, p.project_id LIMIT 1
            """, [SQLValue(now), SQLValue(now)])
        guard let project: ProjectID = try turns.first?.id("project_id") else { return nil }
        return try transaction.query(
            """
            SELECT * FROM operations
            WHERE state IN ('queued', 'running') AND project_id = ? AND (state = 'queued' OR lease_ends <= ?)
            ORDER BY created_at, id LIMIT 1
            """, [SQLValue(project), SQLValue(now)]
        ).first.map(OperationRecord.init)
    }

    /// Notes that it was the project's turn.
    public func noteTurn(of project: ProjectID) throws {
        try transaction.execute(
            """
            INSERT INTO worker_turns (project_id, turn)
            VALUES (?, (SELECT COALESCE(MAX(turn), 0) + 1 FROM worker_turns))
            ON CONFLICT (project_id) DO UPDATE SET turn = excluded.turn
            """, [SQLValue(project)])
    }
}

extension SQLTransaction {
    public var operations: OperationTable { OperationTable(transaction: self) }
}

extension OperationRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), project: try row.id("project_id"), kind: try row.choice("kind"),
            state: try OperationState(row), vault: try row.optionalID("vault_id"),
            vaultName: try row.optionalText("vault_name"), checkpoint: try row.optionalID("checkpoint_id"),
            backup: try row.optionalID("backup_id"), resource: try row.optionalID("resource_id"),
            subject: try row.json("subject"), requestID: try row.text("request_id"),
            progressPercent: try row.int("progress"), details: try row.json("details"),
            attempt: try row.int("attempt"), fence: try row.int64("fence"), createdAt: try row.instant("created_at"),
            updatedAt: try row.instant("updated_at"), startedAt: try row.optionalInstant("started_at"),
            endedAt: try row.optionalInstant("ended_at"))
    }
}
