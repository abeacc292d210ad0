public import Testing

/// Waits until a condition holds; it is asked every few milliseconds, so that waiting does not take the processor from
/// what is waited for.
///
/// - Parameter within: real time after which the test fails; longer than a whole run takes on a loaded machine, because
///   what is waited for runs on the few threads that all tests share, and its turn may come behind all of theirs.
public func eventually(
    _ what: Comment, within limit: Duration = .seconds(420), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !condition() {
        guard clock.now < end else {
            Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
            throw NeverHappened()
        }
        try await clock.sleep(for: .milliseconds(3))
    }
}

public struct NeverHappened: Error {}
