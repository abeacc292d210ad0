import Foundation
import HoldfastCore
import ObjectStorage
import TestSupport

@testable import Repository

/// One run of several processes on one store, all of it fixed by a seed: two or three writers, somebody who forgets and
/// prunes, somebody who checks, somebody who restores.
struct History: Sendable {
    struct Outcome: Sendable {
        let violations: [String]
        let trace: [String]
        let done: [String: Int]
        let calls: Int
    }

    enum Role: Sendable { case writer, pruner, checker, reader }

    let seed: UInt64
    var faults: Faults
    var roles: [Role]
    var rounds = 3
    var policy: Scheduler.Policy
    /// Whether writers lock about half of what they store, for ever: the clocks of these histories jump.
    var isLocking = false
    /// More store calls than any backup of such a small tree needs: it waits for nobody.
    static let backupCallsMax = 200

    init(seed: UInt64) {
        self.seed = seed
        faults = Faults(seed: seed)
        var random = SeededGenerator(seed: seed ^ 0x0807)
        roles = [.writer, .writer, .pruner, .checker, .reader]
        if random.next().isMultiple(of: 2) { roles.append(.writer) }
        if random.next().isMultiple(of: 4) { roles.append(.pruner) }
        policy = Scheduler.Policy.allCases.randomElement(using: &random) ?? .even
    }

    /// Two writers, and one who forgets and prunes; nothing goes wrong but what is asked for.
    static func small(seed: UInt64, crashAtCall: (number: Int, isAfter: Bool)? = nil) -> History {
        var history = History(seed: seed)
        history.faults = .none
        history.faults.crashAtCall = crashAtCall
        history.roles = [.writer, .writer, .pruner]
        history.rounds = 2
        return history
    }

    func run() -> Outcome {
        let ledger = Ledger()
        let objects = MemoryObjectStore()
        let scheduler = Scheduler(actors: roles.count, policy: policy, seed: seed)
        let world = SimulatedWorld(objects: objects, scheduler: scheduler, faults: faults, seed: seed)
        do {
            try prepare(objects, ledger)
            scheduler.run(
                roles.indices.map { actor in
                    { [self] in
                        var actor = Actor(history: self, number: actor, world: world, ledger: ledger)
                        actor.run(roles[actor.number])
                    }
                })
            try verify(objects, ledger)
        } catch { ledger.violate("the history could not be judged: \(error)") }
        return Outcome(
            violations: ledger.violations, trace: world.trace, done: ledger.done, calls: world.callCount)
    }

    /// A repository with two restore points, so that there is something to share and to remove from the start.
    private func prepare(_ objects: MemoryObjectStore, _ ledger: Ledger) throws {
        var random = SeededGenerator(seed: seed ^ 0x9E4)
        let repository = try Repository.create(
            in: objects, unlockedBy: .keyFile(Fixture.key), seams: Fixture.seams(seed: seed ^ 0x9E5))
        for number in 0..<2 {
            let tree = SmallTree.random(&random)
            let label = "first-\(number)"
            ledger.begin(label, tree)
            ledger.acknowledge(label, try tree.backUp(to: repository, label: label).id)
        }
    }

    /// Looks at what is left, as a process that comes when all is over.
    private func verify(_ objects: MemoryObjectStore, _ ledger: Ledger) throws {
        try look(objects, ledger, "after the history")
        // Long after: what the dead left behind is in nobody's way.
        var seams = Seams.live
        seams.now = { Date(timeIntervalSince1970: 20_000_000_000) }
        let repository = try Repository.open(objects, unlockedBy: .keyFile(Fixture.key), seams: seams)
        // The first finishes what was begun; what it finds needed again, the next one chooses anew.
        for _ in 0..<3 { _ = try repository.prune(PruneOptions(maxUnused: 0)) }
        let left = try repository.prune(PruneOptions(maxUnused: 0))
        if left.freedBytes != 0 || left.waitingFor != 0 { ledger.violate("pruning comes to no end: \(left)") }
        let remains = try objects.list(ObjectKey("prune")).map(\.key.text)
        if !remains.isEmpty { ledger.violate("a prune left \(remains)") }
        try look(objects, ledger, "after pruning")
    }

    private func look(_ objects: MemoryObjectStore, _ ledger: Ledger, _ moment: String) throws {
        let repository = try Fixture.open(objects)
        let (points, damaged) = try repository.restorePointList()
        if !damaged.isEmpty { ledger.violate("\(moment): damaged records \(damaged.map(\.message))") }
        let listed = Set(points.map(\.id))
        for id in ledger.standing.keys where !listed.contains(id) {
            ledger.violate("\(moment): the acknowledged restore point \(id.text.prefix(8)) is gone")
        }
        let protected = objects.protectedKeys
        for id in ledger.locked where try !protected.contains(StoredKeys.restorePoint(id.text)) {
            ledger.violate("\(moment): the store would remove the locked restore point \(id.text.prefix(8))")
        }
        let attempts = ledger.attempts
        for point in points {
            // Also one whose acknowledgement was lost is whole.
            guard let attempt = attempts[point.description.labels["backup"] ?? ""] else {
                ledger.violate("\(moment): a restore point of nobody's")
                continue
            }
            let what = attempt.isAcknowledged ? "acknowledged" : "unacknowledged"
            do {
                if try SmallTree.read(point, from: repository) != attempt.tree.contents {
                    ledger.violate("\(moment): \(what) \(point.id.text.prefix(8)) has other contents")
                }
            } catch { ledger.violate("\(moment): \(what) \(point.id.text.prefix(8)) is not whole: \(error)") }
        }
        let report = try repository.check(readData: true)
        if !report.isClean { ledger.violate("\(moment): check finds \(report.faults) \(report.hits)") }
    }
}
