import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import Jobs
import Logging
import Synchronization
import TestSupport
import Testing

@Suite("What vaults use is counted in the repository")
struct UsageAccountantTests {
    /// Runs an accountant beside `body`; each restore point needs so many bytes.
    private func withAccountant(
        _ bench: Bench, bytes: Int64, logger: Logger = .silent, _ body: () async throws -> Void
    ) async throws {
        var seams = bench.clock.seams
        seams.sleep = { duration in
            // Rests are over at once; what looks now and then never wakes.
            if duration > .seconds(60) { try await Seams.live.sleep(.seconds(3600)) }
        }
        let accountant = UsageAccountant(control: bench.control, seams: seams, logger: logger) { sets in
            sets.map { Int64($0.count) * bytes }
        }
        let running = Task { await accountant.run() }
        let result = await Result { try await body() }
        running.cancel()
        await running.value
        try result.get()
    }

    private func used(_ bench: Bench, _ vault: VaultView) async throws -> Int64 {
        try await bench.control.showVault(vault.record.id, by: Bench.caller()).usedBytes
    }

    @Test("soon after a backup and after a deletion the use is exact, and before that what was stored counts")
    func exact() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault(resources: 2)
            try await bench.withWorker {
                _ = try await bench.checkpoint(vault)
                try await bench.untilIdle()
            }
            #expect(try await used(bench, vault) == 20, "two backups that stored 10 bytes each")
            try await withAccountant(bench, bytes: 7) {
                try await eventually("the first count is in") { try await used(bench, vault) == 14 }
                try await bench.withWorker {
                    let first = try #require(try await bench.backups().first)
                    try await bench.control.deleteBackup(first.record.id, by: Bench.caller())
                    try await eventually("the deletion is counted") { try await used(bench, vault) == 7 }
                }
            }
            #expect(try await bench.control.uncountedVaults(limit: 10).isEmpty)
        }
    }

    @Test("vaults from before there was counting are counted after the start")
    func old() async throws {
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            try await bench.withWorker {
                _ = try await bench.checkpoint(vault)
                try await bench.untilIdle()
            }
            try await bench.catalog.write { transaction in
                try transaction.execute("DELETE FROM vault_usage")
                try transaction.execute("UPDATE backups SET change_number = NULL")
            }
            try await withAccountant(bench, bytes: 5) {
                try await eventually("it is counted") { try await used(bench, vault) == 5 }
            }
        }
    }

    @Test("a count that fails is reported and changes nothing")
    func failing() async throws {
        struct Refused: Error {}
        try await Bench.with { bench in
            let vault = try await bench.makeVault()
            try await bench.withWorker {
                _ = try await bench.checkpoint(vault)
                try await bench.untilIdle()
            }
            let asked = Atomic<Int>(0)
            var seams = bench.clock.seams
            seams.sleep = { _ in try await Seams.live.sleep(.seconds(3600)) }
            let accountant = UsageAccountant(control: bench.control, seams: seams, logger: .silent) { _ in
                asked.add(1, ordering: .relaxed)
                throw Refused()
            }
            let running = Task { await accountant.run() }
            try await eventually("it has tried") { asked.load(ordering: .relaxed) > 0 }
            running.cancel()
            await running.value
            #expect(try await used(bench, vault) == 10)
            #expect(try await bench.control.uncountedVaults(limit: 10).count == 1, "it is tried again later")
        }
    }
}
