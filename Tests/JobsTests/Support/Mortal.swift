import Catalog
import HoldfastCore
import Jobs
import ObjectStorage
import Synchronization
import Transfer

/// A process that dies at its n-th moment: each effect on the world has one moment before it and one after.
///
/// After that nothing it does has an effect any more, as if it had been killed.
final class Mortality: Sendable {
    struct Dead: Error {}

    private let state: Mutex<(left: Int, isDead: Bool)>

    /// - Parameter diesAt: 1 for the first moment; nil lives on.
    init(diesAt: Int?) { state = Mutex((diesAt ?? .max, false)) }

    var isDead: Bool { state.withLock { $0.isDead } }

    func moment() throws {
        let dead = state.withLock { state in
            state.left -= 1
            if state.left <= 0 { state.isDead = true }
            return state.isDead
        }
        if dead { throw Dead() }
    }

    func effect<Value>(_ body: () async throws -> Value) async throws -> Value {
        try moment()
        let value = try await body()
        try moment()
        return value
    }
}

/// The catalog as a mortal process sees it.
struct MortalCatalog: CatalogDatabase {
    let base: any CatalogDatabase
    let life: Mortality

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        if life.isDead { throw Mortality.Dead() }
        return try await base.read(body)
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await life.effect { try await base.write(body) }
    }

    func close() async throws { try await base.close() }
}

/// The engine as a mortal process sees it.
struct MortalDataPlane: DataPlane {
    let base: FakeDataPlane
    let life: Mortality

    func backUp(
        _ request: BackupRequest, progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> BackupOutcome {
        try await life.effect { try await base.backUp(request, progress: progress) }
    }

    func restore(
        _ request: RestoreRequest, progress: @escaping @Sendable (TransferProgress) -> Void
    ) async throws -> RestoreOutcome {
        try await life.effect { try await base.restore(request, progress: progress) }
    }

    func forget(_ id: RestorePointID) async throws { try await life.effect { try await base.forget(id) } }

    func lock(_ locks: [RestorePointLock]) async throws -> LockAnswer {
        try await life.effect { try await base.lock(locks) }
    }

    func enforceLocks() async throws -> ObjectProtection? { try await base.enforceLocks() }

    func restorePoints() async throws -> [StoredRestorePoint] {
        if life.isDead { throw Mortality.Dead() }
        return try await base.restorePoints()
    }
}
