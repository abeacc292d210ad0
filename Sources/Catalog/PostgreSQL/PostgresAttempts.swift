/// Runs one transaction, as often as it takes.
struct PostgresAttempts {
    let pool: PostgresPool
    /// How many attempts run beside others, from the first on; those after it run alone.
    let attemptsTogether: Int
    /// What begins the transaction, by the number of the attempt, from zero.
    let begin: (_ attempt: Int) -> String

    private enum Outcome<Value> {
        case done(Value)
        case failed(any Error)
        /// Nothing was stored, and the same may succeed.
        case again(PostgresFailure)
    }

    func run<Value>(_ body: (any SQLTransaction) throws -> Value) throws -> Value {
        var mayReconnect = true
        var last: PostgresFailure?
        var attempt = 0
        while attempt < PostgresCatalog.attemptsMax {
            defer { attempt += 1 }
            let connection = try pool.take()
            defer { pool.give(connection) }
            switch once(connection, attempt, body) {
            case .done(let value): return value
            case .failed(let error): throw error
            case .again(let failure) where failure.isConnectionLost:
                // Idle connections are gone after the server was: a new one shows how it is now.
                guard mayReconnect, !failure.isSilence else { throw CatalogError.unreachable(pool.target, failure) }
                mayReconnect = false
                last = failure
            case .again(let failure) where failure.isConflict:
                // Another one may have taken the key since this one looked. Alone, it looks again and is right either way.
                attempt = attemptsTogether - 1
                last = failure
            case .again(let failure):
                if failure.isStale { pool.discardIdle() }
                last = failure
            }
        }
        let failure = last ?? PostgresFailure(state: "", message: "no attempt was made", isConnectionLost: false)
        throw CatalogError.contended(attempts: PostgresCatalog.attemptsMax, failure)
    }

    private func once<Value>(
        _ connection: PostgresConnection, _ attempt: Int, _ body: (any SQLTransaction) throws -> Value
    ) -> Outcome<Value> {
        do { try connection.run(script: begin(attempt)) } catch { return outcome(of: error, connection, attempt) }
        let transaction = PostgresTransaction(connection)
        let result = Result { try body(transaction) }
        // A body may have made another error of it, or none.
        if let failure = transaction.failure {
            let outcome: Outcome<Value> = outcome(of: failure, connection, attempt)
            if case .failed = outcome, case .failure(let error) = result { return .failed(error) }
            return outcome
        }
        switch result {
        case .failure(let error):
            rollBack(connection)
            return .failed(error)
        case .success(let value):
            return commit(connection, value, attempt)
        }
    }

    private func commit<Value>(_ connection: PostgresConnection, _ value: Value, _ attempt: Int) -> Outcome<Value> {
        do {
            let result = try connection.run(script: "COMMIT")
            guard result.commandTag == "COMMIT" else { return .failed(CatalogError.commitUnknown) }
            return .done(value)
        } catch let failure as PostgresFailure where failure.isConnectionLost {
            // It may be stored: running the body again could do it twice.
            return .failed(CatalogError.commitUnknown)
        } catch { return outcome(of: error, connection, attempt) }
    }

    private func outcome<Value>(
        of error: any Error, _ connection: PostgresConnection, _ attempt: Int
    ) -> Outcome<Value> {
        guard var failure = error as? PostgresFailure else {
            rollBack(connection)
            return .failed(error)
        }
        // A body that reads hears it of its own mistake.
        if failure.isStandby, attemptsTogether > 0 {
            connection.retire()
            failure.isConnectionLost = true
        }
        if failure.isConnectionLost { return .again(failure) }
        rollBack(connection)
        if failure.isStale { connection.retire() }
        let mayEndOtherwise = failure.isTransient || failure.isConflict && attempt < attemptsTogether
        return mayEndOtherwise ? .again(failure) : .failed(CatalogError.postgres(failure))
    }

    /// A connection on which that fails is broken, and not used again.
    private func rollBack(_ connection: PostgresConnection) {
        if !connection.isBroken, (try? connection.run(script: "ROLLBACK")) == nil { connection.retire() }
    }
}
