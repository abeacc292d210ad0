/// Who may try to connect while the database can't be reached: one at a time, with a pause between. The others hear at once what the
/// last attempt heard, so that a server that does not answer holds up one thread and not all of them.
struct OutageGate: Sendable {
    static let pause = Duration.milliseconds(250)

    private enum State {
        case up
        case down(CatalogError, nextTry: Duration, isTrying: Bool)
    }

    private var state = State.up

    /// - Throws: what the last attempt threw, when it is not the caller's turn. Who does not get an error says afterwards how it went.
    mutating func enter(at uptime: Duration) throws(CatalogError) {
        guard case .down(let error, let nextTry, let isTrying) = state else { return }
        guard !isTrying, uptime >= nextTry else { throw error }
        state = .down(error, nextTry: nextTry, isTrying: true)
    }

    mutating func connected() { state = .up }

    mutating func failed(_ error: CatalogError, at uptime: Duration) {
        state = .down(error, nextTry: uptime + Self.pause, isTrying: false)
    }
}
