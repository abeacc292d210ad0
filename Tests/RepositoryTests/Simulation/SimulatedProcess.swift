import Foundation
import HoldfastCore
import ObjectStorage
import Synchronization
import TestSupport

@testable import Repository

/// One process of a history: the store as it sees it, its clock and its random numbers. Once it has crashed, every call
/// fails, until the end.
final class SimulatedProcess: ObjectStore {
    private struct State {
        var isDead = false
        var faults = 0
        var calls = 0
        var markers: Set<ObjectKey> = []
        var clock: Date
        var random: SeededGenerator
    }

    let actor: Int
    private let world: SimulatedWorld
    private let state: Mutex<State>

    init(_ world: SimulatedWorld, actor: Int, seed: UInt64) {
        self.world = world
        self.actor = actor
        state = Mutex(
            State(clock: Date(timeIntervalSince1970: 1_800_000_000), random: SeededGenerator(seed: seed ^ 0x9055)))
    }

    var isDead: Bool { state.withLock { $0.isDead } }
    /// How often this process was wronged: while that is 0, nothing it does may fail.
    var faults: Int { state.withLock { $0.faults } }
    var calls: Int { state.withLock { $0.calls } }

    var seams: Seams {
        Seams(
            now: { [self] in
                let jump = world.roll(world.faults.clockJump) ? world.random(-1825..<1825) : 0
                return state.withLock { state in
                    state.clock += 1 + TimeInterval(jump) * 86_400
                    // Between 1990 and 2500, lest the jumps add up to a year that no restore point can have.
                    state.clock = max(Date(timeIntervalSince1970: 631_152_000), state.clock)
                    return state.clock
                }
            },
            uptime: { .zero },
            randomBytes: { [self] count in state.withLock { Data($0.random.bytes(count)) } },
            sleep: { _ in })
    }

    func put(_ bytes: UnsafeRawBufferPointer, at key: ObjectKey) throws(ObjectStoreError) {
        if Self.isMarker(key) { state.withLock { _ = $0.markers.insert(key) } }
        try around("put", key) { () throws(ObjectStoreError) in
            try world.objects.put(bytes, at: key)
            if world.roll(world.faults.repeatPut) {
                state.withLock { $0.faults += 1 }
                throw ObjectStoreError(code: .keyTaken, message: "done twice")
            }
        }
    }

    func get(_ key: ObjectKey, range: Range<Int>?) throws(ObjectStoreError) -> [UInt8] {
        try around("get", key) { () throws(ObjectStoreError) in
            var bytes = try world.objects.get(key, range: range)
            if !bytes.isEmpty, world.roll(world.faults.flip) {
                state.withLock { $0.faults += 1 }
                bytes[world.random(0..<bytes.count)] ^= 1 << UInt8(world.random(0..<8))
                world.note("\(actor) flipped")
            }
            return bytes
        }
    }

    /// What changes while the list is made may be in it or not.
    func list(_ folder: ObjectKey) throws(ObjectStoreError) -> [ObjectEntry] {
        try around("list", folder) { () throws(ObjectStoreError) in
            let before = try world.objects.list(folder)
            guard world.roll(world.faults.delay) else { return before }
            world.scheduler.step(actor)
            let after = try world.objects.list(folder)
            let always = Set(before).intersection(after)
            return Set(before).union(after).sorted { $0.key < $1.key }
                .filter { always.contains($0) || world.roll(500) }
        }
    }

    func delete(_ key: ObjectKey) throws(ObjectStoreError) {
        try around("delete", key) { () throws(ObjectStoreError) in try world.objects.delete(key) }
    }

    func protect(_ key: ObjectKey, until: Date?) throws(ObjectStoreError) -> ObjectProtection {
        try around("protect", key) { () throws(ObjectStoreError) in try world.objects.protect(key, until: until) }
    }

    func release(_ key: ObjectKey) throws(ObjectStoreError) {
        try around("release", key) { () throws(ObjectStoreError) in try world.objects.release(key) }
    }

    private static func isMarker(_ key: ObjectKey) -> Bool {
        key.text.hasPrefix("sessions/") || key.text == "prune/running"
    }

    private func around<Value>(
        _ call: String, _ key: ObjectKey, _ work: () throws(ObjectStoreError) -> Value
    ) throws(ObjectStoreError) -> Value {
        let injected = ObjectStoreError(code: .unavailable, message: "injected: \(call) \(key)")
        if isDead { throw injected }
        world.scheduler.step(actor)
        let fault = world.nextFault()
        world.note("\(actor) \(call) \(key.text.prefix(24))\(fault.map { " " + $0.rawValue } ?? "")")
        state.withLock { state in
            state.calls += 1
            if fault != nil { state.faults += 1 }
        }
        if fault == .crashBefore { die() }
        if fault == .crashBefore || fault == .fail { throw injected }
        let outcome = Result { () throws(ObjectStoreError) in try work() }
        if world.roll(world.faults.delay) { world.scheduler.step(actor) }
        if fault == .crashAfter { die() }
        if fault != nil { throw injected }
        return try outcome.get()
    }

    private func die() {
        let markers = state.withLock { state in
            state.isDead = true
            return state.markers.sorted()
        }
        world.bury(markers)
    }
}
