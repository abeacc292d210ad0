import Catalog
import ControlPlane
import Foundation
import HoldfastCore
import TestSupport
import Testing

@Suite("Retention decides what a policy keeps")
struct RetentionTests {
    private static let now = Instant(microseconds: 1_780_000_000_000_000)

    private func backup(_ name: String, daysAgo: Double?, isWhole: Bool = true) -> RetentionCandidate {
        let stamp = daysAgo.map { Self.now.adding(.seconds(-$0 * 86_400)) }
        return RetentionCandidate(id: BackupID(name), stampedAt: stamp, isWhole: isWhole)
    }

    private func kept(_ rules: RetentionRules, _ backups: [RetentionCandidate]) -> Set<String> {
        Set(rules.decide(backups, now: Self.now).filter(\.isKept).map(\.id.text))
    }

    private func random(_ count: Int, _ random: inout SeededGenerator) -> [RetentionCandidate] {
        (0..<count).map { number in
            backup(
                "b\(number)", daysAgo: Double.random(in: 0...900, using: &random),
                isWhole: Int.random(in: 0..<8, using: &random) > 0)
        }
    }

    private func randomRules(_ random: inout SeededGenerator) -> RetentionRules {
        var rules = RetentionRules()
        if Bool.random(using: &random) { rules.newest = Int.random(in: 0...20, using: &random) }
        if Bool.random(using: &random) { rules.days = Int.random(in: 0...400, using: &random) }
        for rule in [\RetentionRules.daily, \.weekly, \.monthly, \.yearly] where Bool.random(using: &random) {
            rules[keyPath: rule] = Int.random(in: 0...12, using: &random)
        }
        if Bool.random(using: &random) {
            rules.advanced = [.init(period: .month, periods: 6, days: .ofWeeks([.first, .last], [.sunday]))]
        }
        rules.zone =
            CivilZone(named: ["UTC", "UTC+08:00", "America/St_Johns"].randomElement(using: &random) ?? "UTC") ?? .utc
        return rules
    }

    @Test("nothing goes without a rule; by count and by age, a backup stays as long as one of them keeps it")
    func basics() {
        let backups = [0.5, 1, 2, 3, 40].enumerated().map { backup("\($0.offset)", daysAgo: $0.element) }
        var rules = RetentionRules()
        #expect(kept(rules, backups).count == 5)
        rules.newest = 2
        #expect(kept(rules, backups) == ["0", "1"])
        rules.days = 3
        #expect(kept(rules, backups) == ["0", "1", "2", "3"])
        rules.newest = 0
        rules.days = nil
        #expect(kept(rules, backups).isEmpty)
    }

    @Test("the newest of each day, week, month and year stay beside the others, by the clocks of the zone")
    func keepers() throws {
        // 2026-05-28 20:26:40 UTC is the 29th in a zone eight hours ahead.
        let backups = (0..<40).map { backup("\($0)", daysAgo: Double($0) / 4) }
        var rules = RetentionRules()
        rules.newest = 1
        rules.daily = 3
        #expect(kept(rules, backups) == ["0", "4", "8"])
        rules.zone = try #require(CivilZone(named: "UTC+08:00"))
        #expect(kept(rules, backups) == ["0", "1", "5"])
        rules.daily = 0
        rules.weekly = 2
        #expect(kept(rules, backups) == ["0", "17"])
        let decisions = rules.decide(backups, now: Self.now)
        #expect(decisions[17].keepers == [.weekly(CivilDay(year: 2026, month: 5, day: 18))])
        #expect(decisions[0].keepers.contains(.newest(1)))
    }

    @Test("what goes has a reason of each rule, and what stays has none for going")
    func expirers() {
        let backups = [backup("new", daysAgo: 0.1), backup("same", daysAgo: 0.2), backup("old", daysAgo: 9)]
        var rules = RetentionRules()
        rules.newest = 1
        rules.daily = 1
        var found = rules.decide(backups, now: Self.now)
        #expect(
            found.map(\.expirers) == [
                [], [.notAmongNewest(1), .notNewestOf(.day)], [.notAmongNewest(1), .beyond(.day, limit: 1)],
            ])
        rules.daily = 0
        rules.days = 7
        rules.advanced = [.init(period: .month, periods: 1, days: .ofMonth([28]))]
        found = rules.decide(backups + [backup("failed", daysAgo: 8, isWhole: false)], now: Self.now)
        #expect(found[2].expirers == [.olderThan(days: 7), .notAmongNewest(1), .notSelected(.month)])
        #expect(found[3].expirers == [.failed, .olderThan(days: 7)])
        #expect(found.allSatisfy { $0.isKept == $0.expirers.isEmpty })
    }

    /// Goal: what an attacker or a wrong clock brings in makes nothing else expire.
    @Test(
        "what no server stamped, or what is stamped in the future, changes nothing for the others",
        arguments: [UInt64](1...200))
    func poison(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let honest = self.random(Int.random(in: 1...60, using: &random), &random)
        let rules = randomRules(&random)
        var all = honest
        for number in 0..<Int.random(in: 1...200, using: &random) {
            let future = backup("f\(number)", daysAgo: -Double.random(in: 0.001...40_000, using: &random))
            all.append(Bool.random(using: &random) ? future : backup("u\(number)", daysAgo: nil))
        }
        all.shuffle(using: &random)
        let before = Dictionary(uniqueKeysWithValues: rules.decide(honest, now: Self.now).map { ($0.id, $0.keepers) })
        for decision in rules.decide(all, now: Self.now) {
            #expect(decision.isKept == decision.expirers.isEmpty, "whatever becomes of it has a reason")
            if let expected = before[decision.id] {
                #expect(decision.keepers == expected)
            } else {
                #expect(decision.isKept)
            }
        }
    }

    @Test(
        "one more rule never makes a backup expire, and one more backup at most one for each place",
        arguments: [UInt64](1...200))
    func monotonic(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let backups = self.random(Int.random(in: 1...60, using: &random), &random)
        var rules = randomRules(&random)
        if rules.keepsAll { rules.newest = 3 }
        var more = rules
        more.newest = (rules.newest ?? 0) + 2
        more.days = (rules.days ?? 0) + 10
        more.daily += 1
        more.yearly += 1
        #expect(kept(rules, backups).isSubset(of: kept(more, backups)))
        #expect(kept(rules, backups) == kept(rules, backups.shuffled(using: &random)))
        let gone = kept(rules, backups).subtracting(kept(rules, backups + [backup("new", daysAgo: 0)]))
        #expect(gone.count <= 5)
        #expect(
            kept(rules, backups).filter { name in backups.contains { $0.id.text == name && $0.isWhole } }.count
                >= min(rules.newest ?? 0, backups.count { $0.isWhole }))
    }

    @Test("failed backups take no place, and stay as long as the days say")
    func failed() {
        let backups = [backup("bad", daysAgo: 0, isWhole: false), backup("good", daysAgo: 5)]
        var rules = RetentionRules()
        rules.newest = 1
        #expect(kept(rules, backups) == ["good"])
        rules.days = 1
        #expect(kept(rules, backups) == ["good", "bad"])
    }

    @Test("advanced rules keep the backups of certain days for weeks, months or years")
    func advanced() throws {
        let noon = CivilZone.utc.moment(CivilDay(year: 2026, month: 3, day: 31), second: 43_200)
        func isKept(_ rule: AdvancedRetentionRule, year: Int, month: Int, day: Int) -> Bool {
            var rules = RetentionRules()
            rules.advanced = [rule]
            let stamp = CivilZone.utc.moment(CivilDay(year: year, month: month, day: day), second: 3600)
            let one = RetentionCandidate(id: BackupID("x"), stampedAt: stamp, isWhole: true)
            return rules.decide([one], now: noon)[0].isKept
        }
        let weekly = AdvancedRetentionRule(period: .week, periods: 2, days: .ofWeek([.friday]))
        #expect(isKept(weekly, year: 2026, month: 3, day: 20))
        #expect(!isKept(weekly, year: 2026, month: 3, day: 21), "a Saturday")
        #expect(!isKept(weekly, year: 2026, month: 3, day: 13), "18 days ago")
        let lastDay = AdvancedRetentionRule(period: .month, periods: 1, days: .ofMonth([-1]))
        #expect(!isKept(lastDay, year: 2026, month: 2, day: 28), "kept up to the 27th of March")
        #expect(!isKept(lastDay, year: 2026, month: 3, day: 30))
        let yearly = AdvancedRetentionRule(period: .year, periods: 2, days: .ofWeeks([.last], [.tuesday]), months: [3])
        #expect(isKept(yearly, year: 2025, month: 3, day: 25))
        #expect(!isKept(yearly, year: 2025, month: 3, day: 18))
        #expect(!isKept(yearly, year: 2025, month: 4, day: 29))
        #expect(!isKept(yearly, year: 2024, month: 3, day: 26))
    }
}
