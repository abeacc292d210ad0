import Catalog
public import HoldfastCore

/// What came of new times of expiry.
public struct ExpirationChange: Sendable, Equatable {
    public let operation: OperationID
    public let backupCount: Int
    /// The last day, `YYYY-MM-DD`.
    public let day: String
}

/// Backups that go at a time of their own: given when they were made, or to all of a vault at once.
extension ControlPlane {
    /// Keeps a vault's backups through a day. In a locked vault those that stay longer are left as they are.
    ///
    /// - Parameters:
    ///   - day: `YYYY-MM-DD`, today or later; it ends before the year 10000 UTC.
    ///   - zone: whose day: `UTC+08:00`.
    public func updateExpiration(
        of id: VaultID, through day: String, zone: String, by caller: Caller
    ) async throws -> ExpirationChange {
        try caller.mustWrite()
        let now = now
        let expiresAt = try Self.end(of: day, zone: zone)
        guard expiresAt > now else { throw ControlError.invalid("expect_expiration_date", "must not be in the past") }
        return try await write { [seams] transaction in
            let vault = try transaction.vault(id, in: caller.project)
            guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "new times") }
            var count = 0
            for var backup in try transaction.backups.ofVault(id) where backup.state == .available {
                if vault.settings.isLocked, backup.expiresAt.map({ $0 >= expiresAt }) ?? true { continue }
                if let kept = backup.keptUntil, kept > expiresAt { continue }
                backup.expiresAt = expiresAt
                backup.updatedAt = now
                try transaction.backups.update(backup)
                count += 1
            }
            var subject = OperationSubject()
            subject.backupCount = count
            subject.expirationDay = day
            var operation = OperationRecord.queued(
                .updateExpirationTime, by: caller, vault: vault, subject: subject, seams: seams, now: now)
            operation.state = .succeeded
            operation.progressPercent = 100
            operation.startedAt = now
            operation.endedAt = now
            try transaction.operations.insert(operation)
            return ExpirationChange(operation: operation.id, backupCount: count, day: day)
        }
    }

    /// Queues the removal of backups whose time has come, one transaction for each vault. In a locked vault, one that a policy's
    /// rules keep is locked again instead.
    ///
    /// - Parameter report: told of vaults that could not be looked at; they hold up no others.
    /// - Returns: how many are being removed now.
    public func expireByTime(report: ReportProblem = { _ in }) async throws -> Int {
        let now = now
        let over = try await read { transaction in try transaction.backups.expired(at: now, limit: 1000) }
        var count = 0
        for (vault, backups) in Dictionary(grouping: over, by: \.vault).sorted(by: { $0.key < $1.key }) {
            do {
                count += try await expire(backups, in: vault, now: now)
            } catch let error as ControlError where error.code != .unavailable {
                report(PolicyProblem(policy: nil, vault: vault, message: error.message))
            }
        }
        return count
    }

    private func expire(_ over: [BackupRecord], in id: VaultID, now: Instant) async throws -> Int {
        try await queue { [seams] transaction in
            var count = 0
            var renewals: [BackupID: Instant]?
            for seen in over {
                // It may have got another time, a hold or a lock meanwhile.
                guard let vault = try transaction.vaults.find(id, in: seen.project), vault.state == .available,
                    let view = try transaction.backups.find(seen.id, in: seen.project),
                    case var backup = view.record, backup.vault == id, backup.expiresAt.map({ $0 <= now }) ?? false,
                    RemovalBar(backup, in: vault, now: now) == nil,
                    // Being restored or sent, or waiting for that: the next time.
                    try !transaction.readByOthers(of: backup.project).contains(backup.id),
                    [.available, .error].contains(view.status)
                else { continue }
                if vault.settings.isLocked, renewals == nil { renewals = try transaction.renewals(in: vault, now: now) }
                if let later = renewals?[backup.id] {
                    backup.expiresAt = later
                    backup.updatedAt = now
                    try transaction.backups.update(backup)
                    continue
                }
                let caller = Caller(
                    project: backup.project, user: nil, role: .admin, requestID: "expiry-\(backup.id)")
                try transaction.queueDeletion(of: backup, in: vault, by: caller, seams: seams, now: now)
                count += 1
            }
            return count
        }
    }

    /// The first moment after a day.
    static func end(of day: String, zone: String) throws -> Instant {
        guard let match = day.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/), let year = Int(match.1),
            let month = Int(match.2), let number = Int(match.3), year >= 1970, (1...12).contains(month)
        else { throw ControlError.invalid("expect_expiration_date", "must be a day as YYYY-MM-DD") }
        let found = CivilDay(year: year, month: month, day: number)
        guard found.parts == (year, month, number) else {
            throw ControlError.invalid("expect_expiration_date", "is a day that the calendar does not have")
        }
        guard zone.hasPrefix("UTC"), zone != "UTC", let zone = CivilZone(named: zone) else {
            throw ControlError.invalid("time_zone", "must be like UTC+08:00")
        }
        let end = zone.moment(found.adding(1), second: 0)
        guard end < .yearsEnd else {
            throw ControlError.invalid("expect_expiration_date", "must end before the year 10000 UTC")
        }
        return end
    }
}
