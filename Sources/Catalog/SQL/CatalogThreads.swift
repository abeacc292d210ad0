internal import HoldfastCore

extension NamedThreadPool {
    /// A full queue is the catalog's error. A caller that is on these threads already goes on there: a request that runs on them
    /// reads as often as it needs to without changing threads.
    func runCatalog<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        if isCurrent { return try body() }
        do {
            return try await run(body)
        } catch let error as NamedThreadPool.Overloaded {
            throw CatalogError.crowded(callsMax: error.queueMax, cause: error)
        }
    }
}

extension CatalogError {
    static func crowded(callsMax: Int, cause: (any Error)? = nil) -> Self {
        Self(
            code: .unavailable, message: "the catalog has too many calls waiting; try again later",
            facts: ["queue_max": "\(callsMax)"], cause: cause)
    }
}
