public import HoldfastCore

/// A creating request, as its sender named it.
public struct RepeatKey: Sendable, Hashable {
    public let project: ProjectID
    public let requestID: String
    /// Of who asks for what: user, role, path and body.
    public let digest: String

    public init(project: ProjectID, requestID: String, digest: String) {
        self.project = project
        self.requestID = requestID
        self.digest = digest
    }
}

/// What a request was answered with.
public struct RepeatAnswer: Sendable, Equatable {
    public let status: Int
    public let body: String

    public init(status: Int, body: String) {
        self.status = status
        self.body = body
    }
}

public struct RepeatTable {
    let transaction: any SQLTransaction

    private static let isKey = "project_id = ? AND request_id = ? AND digest = ?"

    private func arguments(_ key: RepeatKey) -> [SQLValue] {
        [SQLValue(key.project), .text(key.requestID), .text(key.digest)]
    }

    /// - Returns: nil when there is no such request; an answer of nil inside: it has not ended.
    public func find(_ key: RepeatKey) throws -> RepeatAnswer?? {
        let found = try transaction.query(
            "SELECT status, answer FROM request_repeats WHERE \(Self.isKey)", arguments(key)
        ).first
        guard let row = found else { return nil }
        guard let status = try row.optionalInt64("status") else { return .some(nil) }
        return .some(RepeatAnswer(status: Int(status), body: try row.optionalText("answer") ?? ""))
    }

    public func begin(_ key: RepeatKey, now: Instant) throws {
        try transaction.execute(
            "INSERT INTO request_repeats (project_id, request_id, digest, created_at) VALUES (?, ?, ?, ?)",
            arguments(key) + [SQLValue(now)])
    }

    public func end(_ key: RepeatKey, _ answer: RepeatAnswer) throws {
        try transaction.execute(
            "UPDATE request_repeats SET status = ?, answer = ? WHERE \(Self.isKey)",
            [SQLValue(answer.status), .text(answer.body)] + arguments(key))
    }

    public func delete(_ key: RepeatKey) throws {
        try transaction.execute("DELETE FROM request_repeats WHERE \(Self.isKey)", arguments(key))
    }

    public func delete(before moment: Instant) throws {
        try transaction.execute("DELETE FROM request_repeats WHERE created_at < ?", [SQLValue(moment)])
    }
}

extension SQLTransaction {
    public var repeats: RepeatTable { RepeatTable(transaction: self) }
}
