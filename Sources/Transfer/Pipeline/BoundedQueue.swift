import Foundation

/// Hands elements from some threads to others, in order, and lets the faster side wait.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        // A ring: `head` is the next to take.
        var elements: [Element?]
        var head = 0
        var count = 0
        var isClosed = false
    }

    private let control: TransferControl
    private let condition = NSCondition()
    private nonisolated(unsafe) var state: State  // only touched with `condition` locked

    init(countMax: Int, control: TransferControl) {
        self.control = control
        state = State(elements: Array(repeating: nil, count: countMax))
        control.onStop { [weak self] in self?.wake() }
    }

    /// True when the next `push` would wait.
    var isFull: Bool { condition.withLock { state.count == state.elements.count } }

    /// Waits while the queue is full. Throws what stopped the transfer.
    func push(_ element: Element) throws {
        condition.lock()
        defer { condition.unlock() }
        while state.count == state.elements.count {
            try control.check()
            control.times.waiting { condition.wait() }
        }
        try control.check()
        state.elements[(state.head + state.count) % state.elements.count] = element
        state.count += 1
        condition.broadcast()
    }

    /// Waits while the queue is empty. Nil once it is closed and empty; throws what stopped the transfer.
    func pop() throws -> Element? {
        condition.lock()
        defer { condition.unlock() }
        while state.count == 0 {
            try control.check()
            if state.isClosed { return nil }
            control.times.waiting { condition.wait() }
        }
        try control.check()
        let element = state.elements[state.head]
        state.elements[state.head] = nil
        state.head = (state.head + 1) % state.elements.count
        state.count -= 1
        condition.broadcast()
        return element
    }

    /// No more elements will come.
    func close() {
        condition.withLock {
            state.isClosed = true
            condition.broadcast()
        }
    }

    private func wake() { condition.withLock { condition.broadcast() } }
}
