import Catalog
import Testing

@testable import Jobs

@Suite("A clock that jumps makes nothing old")
struct ClockWatchTests {
    private func look(_ watch: inout ClockWatch, _ now: Int, _ uptime: Int) -> Bool {
        watch.look(now: Instant(microseconds: Int64(now) * 1_000_000), uptime: .seconds(uptime))
        return watch.isTrusted
    }

    @Test("after a jump ahead it is doubted for an hour; slow drift and jumps back are no matter")
    func jumps() {
        var watch = ClockWatch()
        #expect(look(&watch, 1000, 10))
        #expect(look(&watch, 1040, 40), "ten seconds of drift")
        #expect(look(&watch, 500, 70), "a jump back")
        #expect(!look(&watch, 100_000_000, 100))
        #expect(!look(&watch, 100_000_030, 130))
        #expect(!look(&watch, 100_003_500, 3690))
        #expect(look(&watch, 100_003_520, 3710))
        #expect(!look(&watch, 200_000_000, 3740), "another one")
    }

    @Test(
        "at a start, a clock that is more than a day ahead of what any server saw is doubted for an hour",
        arguments: [(nil, true), (900, true), (5000, true), (1000 - 80_000, true), (1000 - 90_000, false)]
            as [(Int?, Bool)])
    func start(lastSeen: Int?, isTrusted: Bool) {
        var watch = ClockWatch(lastSeen: lastSeen.map { Instant(microseconds: Int64($0) * 1_000_000) })
        #expect(look(&watch, 1000, 10) == isTrusted)
        #expect(look(&watch, 4590, 3600) == isTrusted)
        #expect(look(&watch, 4610, 3620), "right after a long absence, it is seen to be right")
    }
}
