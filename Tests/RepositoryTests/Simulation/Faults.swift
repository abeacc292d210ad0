import TestSupport

/// What goes wrong in a history, and how often; each a chance in a thousand calls.
struct Faults: Sendable {
    var fail = 0
    var loseAnswer = 0
    var crash = 0
    /// Of puts: the store does it twice and tells of the second time.
    var repeatPut = 0
    /// Of gets: one bit of what comes back is not what is stored.
    var flip = 0
    /// Others run between the work and the answer.
    var delay = 300
    /// Of looks at a clock: it jumps by up to five years, either way.
    var clockJump = 0
    /// Crash at this call, counted from 1 over all actors; for exhaustive runs.
    var crashAtCall: (number: Int, isAfter: Bool)?

    static let none = Faults()

    /// Every fifth history has no faults: then nothing may fail at all.
    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed ^ 0xFA17)
        guard !seed.isMultiple(of: 5) else { return }
        func chance(_ most: Int) -> Int {
            Bool.random(using: &random) ? Int.random(in: 1...most, using: &random) : 0
        }
        fail = chance(30)
        loseAnswer = chance(30)
        crash = chance(15)
        repeatPut = chance(40)
        flip = chance(15)
        clockJump = chance(300)
    }

    private init() {}
}
