import HoldfastCore

/// Runs what takes a processor for long, or blocks, on threads of its own: tests of the server that run at the same time
/// need the few cooperative ones. One at a time for each processor of the machine that tests are made for.
enum Heavy {
    private static let pool = NamedThreadPool(name: "heavy-tests", threads: 2)

    /// Report failures from what it returns: on these threads no test is known.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await pool.run(body)
    }
}
