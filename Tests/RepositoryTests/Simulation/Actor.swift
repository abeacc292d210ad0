import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport

@testable import Repository

/// What one actor of a history does, in as many processes as it dies.
struct Actor {
    let number: Int
    private let history: History
    private let world: SimulatedWorld
    private let ledger: Ledger
    private var random: SeededGenerator
    private var process: SimulatedProcess
    private var repository: Repository?
    private var processes = 0

    init(history: History, number: Int, world: SimulatedWorld, ledger: Ledger) {
        self.history = history
        self.number = number
        self.world = world
        self.ledger = ledger
        random = SeededGenerator(seed: history.seed ^ UInt64(number + 1) << 32)
        process = SimulatedProcess(world, actor: number, seed: random.next())
    }

    mutating func run(_ role: History.Role) {
        for round in 0..<history.rounds {
            if process.isDead || random.next().isMultiple(of: 3) {
                process = SimulatedProcess(world, actor: number, seed: random.next())
                repository = nil
            }
            let faults = process.faults
            do {
                let opened = try repository ?? open()
                repository = opened
                switch role {
                case .writer: try write(round, opened)
                case .pruner: try prune(opened)
                case .checker: try check(opened)
                case .reader: try read(opened)
                }
                ledger.count("\(role)")
            } catch {
                world.note("\(number) fails: \(error)")
                ledger.count("\(role) failed")
                if process.faults == faults, !mayFail(role, error) {
                    ledger.violate("\(role) \(number) failed, and nobody wronged it: \(error)")
                }
            }
        }
    }

    private func open() throws -> Repository {
        try Repository.open(process, unlockedBy: .keyFile(Fixture.key), seams: process.seams)
    }

    private func mayFail(_ role: History.Role, _ error: any Error) -> Bool {
        switch (role, (error as? RepositoryError)?.code) {
        // Only where clocks jump, or markers look damaged, is one that lives taken for dead.
        case (.writer, .sessionOver), (.pruner, .sessionOver), (.pruner, .objectMissing), (.pruner, .chunkMissing):
            history.faults.clockJump > 0 || history.faults.flip > 0
        case (.pruner, .pruneRunning): true
        default: false
        }
    }

    private mutating func write(_ round: Int, _ repository: Repository) throws {
        let label = "\(number)-\(round)"
        var parent = ledger.any(&random)
        var tree = parent?.tree ?? .random(&random)
        for _ in 0..<Int.random(in: 0...3, using: &random) { tree.change(&random) }
        if Bool.random(using: &random) { parent = nil }
        ledger.begin(label, tree)
        let calls = process.calls
        defer {
            if process.calls - calls > History.backupCallsMax { ledger.violate("the backup \(label) waits") }
        }
        let point = try tree.backUp(to: repository, label: label, parent: parent)
        if history.isLocking, Bool.random(using: &random) {
            try repository.keep(point.id, until: .forever)
            _ = try repository.enforceLocks(of: [point.id])
            ledger.lock(point.id)
        }
        ledger.acknowledge(label, point.id)
        world.note("\(number) acknowledged \(point.id.text.prefix(8))")
    }

    private mutating func prune(_ repository: Repository) throws {
        if Bool.random(using: &random), let doomed = ledger.any(&random) {
            if ledger.locked.contains(doomed.id) {
                try refuse(doomed.id, repository)
            } else {
                ledger.remove(doomed.id)
                try repository.forget(doomed.id)
            }
        }
        let report = try repository.prune(PruneOptions(maxUnused: Bool.random(using: &random) ? 0 : 0.5))
        ledger.count(report.waitingFor > 0 ? "prune waits" : "prune ends")
        if report.keptPacks > 0 { ledger.count("prune keeps") }
        if report.rewrittenPacks > 0 { ledger.count("prune rewrites") }
    }

    private func refuse(_ id: RestorePointID, _ repository: Repository) throws {
        do {
            try repository.forget(id)
            ledger.violate("the locked restore point \(id.text.prefix(8)) was forgotten")
        } catch let error as RepositoryError where error.code == .restorePointLocked { ledger.count("refused") }
    }

    private mutating func check(_ repository: Repository) throws {
        let faults = process.faults
        let report = try repository.check(readData: Bool.random(using: &random))
        if process.faults == faults, !report.isClean {
            ledger.violate("a check beside the others finds \(report.faults) \(report.hits)")
        }
    }

    private mutating func read(_ repository: Repository) throws {
        guard let wanted = ledger.any(&random) else { return }
        do {
            let point = try repository.restorePoint(wanted.id)
            if try SmallTree.read(point, from: repository) != wanted.tree.contents {
                ledger.violate("a restore gives wrong bytes for \(wanted.id.text.prefix(8))")
            }
        } catch { if !ledger.removed.contains(wanted.id) { throw error } }
    }
}
