import Foundation
import HoldfastCore
import ObjectStorage

@testable import Repository

/// Repositories whose clock is in the test's hand.
struct LockFixture {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    let clock = Locked(LockFixture.start)

    func create(_ store: any ObjectStore) throws -> Repository {
        try Repository.create(in: store, unlockedBy: .keyFile(Fixture.key), seams: seams)
    }

    func open(_ store: any ObjectStore, by key: KeyMaterial = .keyFile(Fixture.key)) throws -> Repository {
        try Repository.open(store, unlockedBy: key, seams: seams)
    }

    func pass(days: Double) { clock.with { $0 += days * 86_400 } }

    static func after(days: Double) -> Date { start + days * 86_400 }

    private var seams: Seams {
        var seams = Seams.live
        seams.now = { [clock] in clock.with { $0 } }
        return seams
    }
}

/// The code of what the call throws; nil when it throws nothing.
func repositoryCode(_ body: () throws -> Void) -> RepositoryError.Code? {
    do {
        try body()
        return nil
    } catch { return (error as? RepositoryError)?.code }
}
