public import Catalog
import Foundation

/// A day of the proleptic Gregorian calendar.
public struct CivilDay: Sendable, Hashable, Comparable {
    /// Since 1970-01-01.
    public let number: Int

    public init(number: Int) { self.number = number }

    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    public init(year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    public func adding(_ days: Int) -> CivilDay { CivilDay(number: number + days) }

    /// Howard Hinnant's `civil_from_days`.
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    public var weekday: Weekday { Weekday.allCases[((number + 3) % 7 + 7) % 7] }

    /// The Monday on or before it: weeks begin on Monday (ISO 8601).
    public var week: CivilDay { adding(-weekday.index) }

    public var isLastOfMonth: Bool { adding(1).parts.day == 1 }
}

public enum Weekday: String, Sendable, CaseIterable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// Monday is 0.
    public var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// As RFC 5545 writes it: `MO`.
    public var short: String { String(rawValue.prefix(2)).uppercased() }
}

/// What the clocks on the wall say somewhere.
public struct CivilZone: Sendable, Equatable {
    public static let utc = CivilZone(zone: .gmt, name: "UTC")

    private let zone: TimeZone
    /// As it was given: `UTC+08:00`, or a name of the IANA database.
    public let name: String

    private init(zone: TimeZone, name: String) {
        self.zone = zone
        self.name = name
    }

    /// - Parameter name: `UTC`, `UTC±HH:MM`, or a name of the IANA database such as `Europe/Berlin`.
    /// - Returns: nil when there is no such zone.
    public init?(named name: String) {
        if name == "UTC" {
            self = .utc
        } else if name.hasPrefix("UTC") {
            guard let match = name.wholeMatch(of: /UTC([+-])([0-9]{2}):([0-9]{2})/), let hours = Int(match.2),
                let minutes = Int(match.3), hours <= 14, minutes < 60, hours * 60 + minutes <= 14 * 60,
                let zone = TimeZone(secondsFromGMT: (match.1 == "-" ? -1 : 1) * (hours * 60 + minutes) * 60)
            else { return nil }
            self.init(zone: zone, name: name)
        } else {
            // Foundation also takes abbreviations and offsets, which say less than they seem to.
            guard name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
            self.init(zone: zone, name: name)
        }
    }

    private func offset(atSecond second: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }

    /// The day there, and the second of that day by the clock on the wall.
    public func civil(_ moment: Instant) -> (day: CivilDay, second: Int) {
        let second = Int(moment.microseconds.floorDivided(by: 1_000_000))
        let local = second + offset(atSecond: second)
        let day = local.floorDivided(by: 86_400)
        return (CivilDay(number: day), local - day * 86_400)
    }

    /// When the clock on the wall says so. Of a time that comes twice, the first; one that is left out counts by the offset
    /// before the gap, so it falls as much later as the clock is moved (RFC 5545, 3.3.5).
    public func moment(_ day: CivilDay, second: Int) -> Instant {
        let local = day.number * 86_400 + second
        let before = offset(atSecond: local - offset(atSecond: local) - 86_400)
        let after = offset(atSecond: local - offset(atSecond: local) + 86_400)
        let found = [local - before, local - after].sorted().first { $0 + offset(atSecond: $0) == local }
        return Instant(microseconds: Int64(found ?? local - before) * 1_000_000)
    }
}

extension BinaryInteger {
    func floorDivided(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
