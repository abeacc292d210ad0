public import Testing

/// Waits until a condition holds; it is asked again and again, without sleeping.
///
/// - Parameter within: real time after which the test fails.
public func eventually(
    _ what: Comment, within limit: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !condition() {
        guard clock.now < end else {
            Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
            throw NeverHappened()
        }
        await Task.yield()
    }
}

public struct NeverHappened: Error {}
