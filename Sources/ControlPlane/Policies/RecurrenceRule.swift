/// One line of a policy's pattern: a small part of what RFC 5545, 3.3.10 calls a recurrence rule.
///
/// `FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=14;BYMINUTE=00` or `FREQ=DAILY;INTERVAL=1;BYHOUR=2,14;BYMINUTE=30`; where the server
/// allows minutes, also `FREQ=MINUTELY;INTERVAL=15`.
public struct RecurrenceRule: Sendable, Equatable {
    public enum Frequency: Sendable, Equatable {
        /// Every so many days, counted from the day on which the schedule began.
        case daily(interval: Int)
        case weekly(Set<Weekday>)
        /// Every so many minutes, counted from 1970 UTC.
        case minutely(interval: Int)
    }

    /// As it was written: clients compare it.
    public let text: String
    public let frequency: Frequency
    /// Seconds of a day, in order: each hour with each minute. Empty for ``Frequency/minutely(interval:)``.
    public let secondsOfDay: [Int]

    /// - Throws: ``PatternProblem``.
    public init(parsing text: String) throws(PatternProblem) {
        self.text = text
        var parts = try Self.parts(of: text)
        let frequency = parts.removeValue(forKey: "FREQ")
        switch frequency {
        case "DAILY":
            let interval = try parts.removeValue(forKey: "INTERVAL").map {
                value throws(PatternProblem) in try Self.number(value, in: 1...365, of: "INTERVAL", text)
            }
            self.frequency = .daily(interval: interval ?? 1)
        case "WEEKLY":
            guard let days = parts.removeValue(forKey: "BYDAY") else {
                throw PatternProblem(text, "WEEKLY needs BYDAY")
            }
            self.frequency = .weekly(try Self.days(days, text))
        case "MINUTELY":
            guard let value = parts.removeValue(forKey: "INTERVAL") else {
                throw PatternProblem(text, "MINUTELY needs INTERVAL")
            }
            self.frequency = .minutely(interval: try Self.number(value, in: 1...1440, of: "INTERVAL", text))
        default:
            throw PatternProblem(text, "FREQ has to be DAILY or WEEKLY, or MINUTELY where the server allows it")
        }
        if case .minutely = self.frequency {
            secondsOfDay = []
        } else {
            guard let hours = parts.removeValue(forKey: "BYHOUR") else {
                throw PatternProblem(text, "BYHOUR is missing")
            }
            guard let minutes = parts.removeValue(forKey: "BYMINUTE") else {
                throw PatternProblem(text, "BYMINUTE is missing")
            }
            let hourList = try Self.numbers(hours, in: 0...23, of: "BYHOUR", text)
            let minuteList = try Self.numbers(minutes, in: 0...59, of: "BYMINUTE", text)
            secondsOfDay = hourList.flatMap { hour in minuteList.map { (hour * 60 + $0) * 60 } }
        }
        if let left = parts.keys.min() { throw PatternProblem(text, "\(left) has no meaning here") }
    }

    private static func parts(of text: String) throws(PatternProblem) -> [String: String] {
        guard text.utf8.count <= 1024 else { throw PatternProblem(String(text.prefix(40)), "it is too long") }
        var parts: [String: String] = [:]
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else {
                throw PatternProblem(text, "it has to be NAME=VALUE;NAME=VALUE")
            }
            guard parts.updateValue(String(pair[1]), forKey: String(pair[0])) == nil else {
                throw PatternProblem(text, "\(pair[0]) comes twice")
            }
        }
        return parts
    }

    private static func days(_ value: String, _ text: String) throws(PatternProblem) -> Set<Weekday> {
        var days: Set<Weekday> = []
        for name in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let day = Weekday.allCases.first(where: { $0.short == name }) else {
                throw PatternProblem(text, "BYDAY takes MO, TU, WE, TH, FR, SA and SU")
            }
            days.insert(day)
        }
        return days
    }

    private static func numbers(
        _ value: String, in range: ClosedRange<Int>, of name: String, _ text: String
    ) throws(PatternProblem) -> [Int] {
        var found: Set<Int> = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            found.insert(try number(String(part), in: range, of: name, text))
        }
        return found.sorted()
    }

    private static func number(
        _ value: String, in range: ClosedRange<Int>, of name: String, _ text: String
    ) throws(PatternProblem) -> Int {
        guard value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), value.utf8.count <= 4,
            let number = Int(value), range.contains(number)
        else { throw PatternProblem(text, "\(name) takes \(range.lowerBound) to \(range.upperBound)") }
        return number
    }
}

/// Why a pattern can't be used.
public struct PatternProblem: Error, Sendable, Equatable {
    /// The rule it is about.
    public let rule: String
    /// What is wrong with it, as the end of a sentence.
    public let reason: String

    init(_ rule: String, _ reason: String) {
        self.rule = rule
        self.reason = reason
    }
}
