import HTTPTypes
import Synchronization

/// How many more large bodies may be held at once.
final class LargeBodies: Sendable {
    private let free: Mutex<Int>

    init(countMax: Int) { free = Mutex(countMax) }

    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func give() { free.withLock { $0 += 1 } }
}

extension Refusal {
    static let tooManyLargeBodies = Self(
        status: .serviceUnavailable, code: "BackupService.9910",
        message: "the server holds as many large bodies as it may; try again later", closesConnection: true)
}
