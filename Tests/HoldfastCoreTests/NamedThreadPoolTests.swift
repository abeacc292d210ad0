import Foundation
import HoldfastCore
import Synchronization
import Testing

@Suite("Named thread pools")
struct NamedThreadPoolTests {
    @Test("work runs on a thread with the pool's name, and its value comes back")
    func named() async throws {
        let pool = NamedThreadPool(name: "disk", threads: 1)
        defer { pool.close() }
        let name = try await pool.run {
            try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        }
        #expect(name == "disk-0\n")
    }

    @Test("what the work throws comes back")
    func throwing() async {
        struct Broken: Error {}
        let pool = NamedThreadPool(name: "disk", threads: 1)
        defer { pool.close() }
        await #expect(throws: Broken.self) { try await pool.run { throw Broken() } }
    }

    @Test("one thread keeps the order of the work")
    func order() async throws {
        let pool = NamedThreadPool(name: "disk", threads: 1)
        defer { pool.close() }
        let seen = Mutex<[Int]>([])
        for number in 0..<100 { try await pool.run { seen.withLock { $0.append(number) } } }
        #expect(seen.withLock { $0 } == Array(0..<100))
    }

    @Test("a full queue refuses instead of growing")
    func bounded() async throws {
        let pool = NamedThreadPool(name: "disk", threads: 1, queueMax: 2)
        defer { pool.close() }
        let gate = Gate()
        await withTaskGroup(of: Bool.self) { group in
            // One piece holds the thread, two wait; of any more at least one must be refused.
            for _ in 0..<8 {
                group.addTask {
                    do {
                        try await pool.run { gate.wait() }
                        return true
                    } catch {
                        gate.open()
                        return !(error is NamedThreadPool.Overloaded)
                    }
                }
            }
            var refused = 0
            for await accepted in group where !accepted { refused += 1 }
            #expect(refused >= 1)
        }
    }

    @Test("a closed pool refuses work")
    func closed() async {
        let pool = NamedThreadPool(name: "disk", threads: 1)
        pool.close()
        await #expect(throws: NamedThreadPool.Overloaded.self) { try await pool.run {} }
    }
}

/// Holds threads until it is opened, once and for good.
private final class Gate: Sendable {
    private let condition = NSCondition()
    private let isOpen = Mutex(false)

    func wait() {
        condition.lock()
        while !isOpen.withLock({ $0 }) { condition.wait() }
        condition.unlock()
    }

    func open() {
        isOpen.withLock { $0 = true }
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }
}
