internal import GRDB
internal import Synchronization

/// Writes that wait for the disk together.
///
/// A commit costs a flush of the disk, whatever it holds. While one is on its way others come in; all of those that wait then go
/// into the next transaction, each in a savepoint of its own: one that throws takes back what it did, and nothing of the others.
/// Every write still returns only once its changes are on the disk, and they happen as if one came after the other.
final class GroupCommit: Sendable {
    /// A group is one transaction: longer ones would make the first wait for the last.
    static let groupMax = 64

    /// As many may be on their way. Below what the writing thread's queue holds: a write that was added gets its turn.
    static let callsMax = 4000

    private struct State {
        var waiting: [any GroupedWrite] = []
        var calls = 0
    }

    private let state = Mutex(State())

    /// Hands a write in. Its turn comes in a call of ``carryOut(_:in:)``, which may be that of another.
    ///
    /// - Returns: false when too many are on their way. After true the caller calls ``end(_:)`` once it has its answer.
    func add(_ write: any GroupedWrite) -> Bool {
        state.withLock { state in
            guard state.calls < Self.callsMax else { return false }
            state.calls += 1
            state.waiting.append(write)
            return true
        }
    }

    /// Ends a call, whatever became of it: one that never had its turn, as the thread had ended, never gets it.
    func end(_ write: any GroupedWrite) {
        state.withLock { state in
            state.calls -= 1
            if !write.isSettled { state.waiting.removeAll { $0 === write } }
        }
    }

    /// Carries writes out in the order of their coming, until this one is. For the one thread that writes.
    func carryOut(_ write: any GroupedWrite, in pool: DatabasePool) {
        while !write.isSettled {
            let group = state.withLock { state in
                let group = Array(state.waiting.prefix(Self.groupMax))
                state.waiting.removeFirst(group.count)
                return group
            }
            guard !group.isEmpty else { return }
            commit(group, in: pool)
        }
    }

    private func commit(_ group: [any GroupedWrite], in pool: DatabasePool) {
        guard group.count > 1 else { return group.forEach { alone($0, in: pool) } }
        do {
            try pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    for write in group { try inSavepoint(write, of: database) }
                    return .commit
                }
            }
            for write in group { write.settle(nil) }
        } catch {
            // Nothing of the group is stored. What ended the transaction may be the fault of one: each gets its own answer.
            for write in group { alone(write, in: pool) }
        }
    }

    /// - Throws: when the transaction as a whole can't go on.
    private func inSavepoint(_ write: any GroupedWrite, of database: Database) throws {
        do {
            try database.inSavepoint {
                try write.attempt(database)
                return .commit
            }
        } catch  where write.hasFailed && database.isInsideTransaction {
            // Taken back to the savepoint; the write keeps what was thrown.
        }
    }

    private func alone(_ write: any GroupedWrite, in pool: DatabasePool) {
        do {
            try pool.write { try write.attempt($0) }
            write.settle(nil)
        } catch {
            write.settle(error)
        }
    }
}

/// A write of any type of value.
protocol GroupedWrite: AnyObject, Sendable {
    /// Whether it is known what becomes of it.
    var isSettled: Bool { get }
    /// Whether the last attempt threw.
    var hasFailed: Bool { get }
    /// Runs the body and keeps what it returns or throws.
    ///
    /// - Throws: what the body throws.
    func attempt(_ database: Database) throws
    /// Makes the last attempt's outcome the final one.
    ///
    /// - Parameter error: in place of it, when the commit failed.
    func settle(_ error: (any Error)?)
}

/// One call of `write`.
final class PendingWrite<Value: Sendable>: GroupedWrite {
    private struct State {
        var outcome: Result<Value, any Error>?
        var isSettled = false
    }

    private let body: @Sendable (any SQLTransaction) throws -> Value
    private let state = Mutex(State())

    init(_ body: @escaping @Sendable (any SQLTransaction) throws -> Value) { self.body = body }

    var isSettled: Bool { state.withLock(\.isSettled) }

    var hasFailed: Bool {
        state.withLock { state in
            if case .failure = state.outcome { true } else { false }
        }
    }

    func attempt(_ database: Database) throws {
        let outcome = Result { try SQLiteTransaction.run(database, body) }
        state.withLock { $0.outcome = outcome }
        _ = try outcome.get()
    }

    func settle(_ error: (any Error)?) {
        state.withLock { state in
            if let error { state.outcome = .failure(error) }
            state.isSettled = true
        }
    }

    /// What the body returned, once it is on the disk.
    func value() throws -> Value {
        guard let outcome = state.withLock({ $0.isSettled ? $0.outcome : nil }) else {
            throw CatalogError(code: .unavailable, message: "the catalog did not come to this write")
        }
        return try outcome.get()
    }
}
