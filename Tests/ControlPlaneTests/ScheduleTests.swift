import Catalog
import ControlPlane
import Foundation
import TestSupport
import Testing

@Suite("A schedule says when a policy runs")
struct ScheduleTests {
    private func moment(_ text: String) throws -> Instant { Instant(try Date(text, strategy: .iso8601)) }

    private func runs(_ schedule: Schedule, after: String, _ count: Int) throws -> [String] {
        var moments: [Instant] = []
        var last = try moment(after)
        for _ in 0..<count {
            last = try #require(schedule.next(after: last))
            moments.append(last)
        }
        return moments.map { $0.date.formatted(.iso8601) }
    }

    @Test("daily and weekly rules run in UTC at the times they name")
    func plain() throws {
        let start = try moment("2026-03-02T09:30:00Z")
        let daily = try Schedule(
            pattern: ["FREQ=DAILY;INTERVAL=3;BYHOUR=2,14;BYMINUTE=30"], start: start)
        #expect(
            try runs(daily, after: "2026-03-02T09:30:00Z", 4)
                == ["2026-03-02T14:30:00Z", "2026-03-05T02:30:00Z", "2026-03-05T14:30:00Z", "2026-03-08T02:30:00Z"])
        let weekly = try Schedule(
            pattern: ["FREQ=WEEKLY;BYDAY=SU,WE;BYHOUR=6;BYMINUTE=00", "FREQ=WEEKLY;BYDAY=WE;BYHOUR=20;BYMINUTE=05"],
            start: start)
        #expect(
            try runs(weekly, after: "2026-03-04T06:00:00Z", 3)
                == ["2026-03-04T20:05:00Z", "2026-03-08T06:00:00Z", "2026-03-11T06:00:00Z"])
    }

    @Test("where clocks are moved, a time that is left out comes as much later, and one that comes twice runs once")
    func daylightSaving() throws {
        let berlin = try #require(CivilZone(named: "Europe/Berlin"))
        let schedule = try Schedule(
            pattern: ["FREQ=DAILY;BYHOUR=2;BYMINUTE=30"], zone: berlin, start: moment("2026-01-01T00:00:00Z"))
        #expect(
            try runs(schedule, after: "2026-03-28T00:00:00Z", 3)
                == ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"])
        #expect(
            try runs(schedule, after: "2026-10-24T12:00:00Z", 2) == ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"])
    }

    /// Goal: the evaluator agrees with looking at the wall clock every minute. Method: six weeks around a change of clocks; every
    /// minute at which the clock shows a time of the rule for the first time that day is a run. Times in a gap are never shown.
    @Test("agrees with somebody who looks at the clock every minute", arguments: [UInt64](1...40))
    func model(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = ["UTC", "UTC+08:00", "UTC-03:30", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]
        let zone = try #require(names.randomElement(using: &random).flatMap(CivilZone.init(named:)))
        let begin = try moment(Bool.random(using: &random) ? "2026-03-08T00:00:00Z" : "2026-10-02T00:00:00Z")
        let hours = (0..<Int.random(in: 1...3, using: &random)).map { _ in Int.random(in: 0...23, using: &random) }
        let minute = [0, 7, 30, 59].randomElement(using: &random) ?? 0
        let days = Weekday.allCases.filter { _ in Bool.random(using: &random) }
        let interval = Int.random(in: 1...9, using: &random)
        let isDaily = days.isEmpty || Bool.random(using: &random)
        let head =
            isDaily
            ? "FREQ=DAILY;INTERVAL=\(interval)" : "FREQ=WEEKLY;BYDAY=" + days.map(\.short).joined(separator: ",")
        let text = "\(head);BYHOUR=\(hours.map(String.init).joined(separator: ","));BYMINUTE=\(minute)"
        let schedule = try Schedule(pattern: [text], zone: zone, start: begin)
        let first = zone.civil(begin).day
        let wanted = Set(hours.map { ($0 * 60 + minute) * 60 })
        var seen: Set<[Int]> = []
        var expected: [Instant] = []
        for step in 1...60_480 {
            let now = begin.adding(.seconds(step * 60))
            let (day, second) = zone.civil(now)
            guard wanted.contains(second), seen.insert([day.number, second]).inserted else { continue }
            if isDaily ? (day.number - first.number) % interval == 0 : days.contains(day.weekday) {
                expected.append(now)
            }
        }
        let end = begin.adding(.seconds(60_480 * 60))
        var found: [Instant] = []
        var last = begin
        while let next = schedule.next(after: last), next <= end {
            #expect(next > last)
            #expect(schedule.last(upTo: next, after: begin) == next, "\(text) in \(zone.name)")
            #expect(schedule.last(upTo: next.adding(.seconds(-1)), after: begin) == found.last)
            // What lies in a gap nobody sees on a clock.
            if wanted.contains(zone.civil(next).second) { found.append(next) } else { expected.append(next) }
            if found.last != next { found.append(next) }
            last = next
        }
        #expect(found == expected.sorted(), "\(text) in \(zone.name)")
    }

    @Test(
        "a pattern that can't be used is refused, and the rule is named",
        arguments: [
            "", "FREQ=DAILY", "FREQ=DAILY;BYHOUR=24;BYMINUTE=0", "FREQ=DAILY;BYHOUR=1;BYMINUTE=60",
            "FREQ=DAILY;BYHOUR=1", "FREQ=WEEKLY;BYHOUR=1;BYMINUTE=0", "FREQ=WEEKLY;BYDAY=XX;BYHOUR=1;BYMINUTE=0",
            "FREQ=MONTHLY;BYHOUR=1;BYMINUTE=0", "FREQ=DAILY;BYHOUR=1;BYHOUR=2;BYMINUTE=0",
            "FREQ=DAILY;BYHOUR=1;BYMINUTE=0;BYSECOND=3", "FREQ=DAILY;INTERVAL=0;BYHOUR=1;BYMINUTE=0",
            "FREQ=DAILY;BYHOUR=1;BYMINUTE=0,30", "FREQ=DAILY;BYHOUR=1,,2;BYMINUTE=0", "FREQ=MINUTELY;INTERVAL=15",
            "FREQ=DAILY;INTERVAL=99999999999999999999;BYHOUR=1;BYMINUTE=0", "freq=daily;BYHOUR=1;BYMINUTE=0",
            "FREQ=DAILY;BYHOUR=-1;BYMINUTE=0", "FREQ=DAILY;BYHOUR=1;BYMINUTE=00;",
        ])
    func refused(text: String) throws {
        let start = Instant(microseconds: 0)
        let problem = #expect(throws: PatternProblem.self) { try Schedule(pattern: [text], start: start) }
        #expect(problem?.rule == text)
    }

    @Test("runs are an hour apart, or what the server allows")
    func distances() throws {
        let start = Instant(microseconds: 0)
        let close = ["FREQ=DAILY;BYHOUR=23;BYMINUTE=30", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=0;BYMINUTE=15"]
        #expect(throws: PatternProblem.self) { try Schedule(pattern: close, start: start) }
        // What lies on different days is compared as it comes.
        let apart = ["FREQ=WEEKLY;BYDAY=MO;BYHOUR=10;BYMINUTE=00", "FREQ=WEEKLY;BYDAY=WE;BYHOUR=10;BYMINUTE=30"]
        _ = try Schedule(pattern: apart, start: start)
        _ = try Schedule(pattern: ["FREQ=WEEKLY;BYDAY=SU;BYHOUR=0,23;BYMINUTE=30"], start: start)
        for pattern in [
            ["FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=10;BYMINUTE=00", "FREQ=WEEKLY;BYDAY=WE;BYHOUR=10;BYMINUTE=30"],
            ["FREQ=WEEKLY;BYDAY=SU;BYHOUR=23;BYMINUTE=30", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=0;BYMINUTE=15"],
            ["FREQ=DAILY;INTERVAL=2;BYHOUR=0;BYMINUTE=15", "FREQ=DAILY;INTERVAL=2;BYHOUR=23;BYMINUTE=30"],
            ["FREQ=DAILY;INTERVAL=9;BYHOUR=10;BYMINUTE=00", "FREQ=WEEKLY;BYDAY=WE;BYHOUR=10;BYMINUTE=30"],
        ] {
            #expect(throws: PatternProblem.self, "\(pattern)") { try Schedule(pattern: pattern, start: start) }
        }
        let minutes = Schedule.Limits(minutesBetweenMin: 5)
        _ = try Schedule(pattern: close, start: start, limits: minutes)
        let often = try Schedule(pattern: ["FREQ=MINUTELY;INTERVAL=15"], start: start, limits: minutes)
        #expect(try runs(often, after: "2026-05-01T10:14:59Z", 2) == ["2026-05-01T10:15:00Z", "2026-05-01T10:30:00Z"])
        #expect(throws: PatternProblem.self) {
            try Schedule(pattern: ["FREQ=MINUTELY;INTERVAL=4"], start: start, limits: minutes)
        }
        let many = (0..<25).map { _ in "FREQ=DAILY;BYHOUR=1;BYMINUTE=0" }
        #expect(throws: PatternProblem.self) { try Schedule(pattern: many, start: start) }
        #expect(throws: PatternProblem.self) { try Schedule(pattern: [], start: start) }
    }

    @Test(
        "days and their numbers agree with the system's calendar", arguments: [-719_162, -1, 0, 59, 60, 11_016, 20_781])
    func days(number: Int) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for offset in 0..<800 {
            let day = CivilDay(number: number + offset)
            let date = Date(timeIntervalSince1970: Double(day.number) * 86_400)
            // Before 1582 that calendar is Julian.
            guard day.number > -141_000 else { continue }
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            #expect(day.parts == (try #require(parts.year), try #require(parts.month), try #require(parts.day)))
            #expect(CivilDay(year: day.parts.year, month: day.parts.month, day: day.parts.day) == day)
            #expect((day.weekday.index + 1) % 7 + 1 == parts.weekday)
        }
    }

    @Test(
        "a zone is an offset or a name that the time zone database has",
        arguments: [
            ("UTC", true), ("UTC+08:00", true), ("UTC-12:00", true), ("UTC+14:30", false), ("UTC+8", false),
            ("CET", false),
            ("Europe/Berlin", true), ("Europe/Nowhere", false), ("", false), ("UTC+08:60", false),
        ])
    func zones(name: String, isKnown: Bool) { #expect((CivilZone(named: name) != nil) == isKnown) }
}
