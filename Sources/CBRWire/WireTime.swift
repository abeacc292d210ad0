/// Instants as the interface writes them, all in UTC.
public enum WireTime {
    /// `2020-02-05T10:38:34.209782`: no zone, as in vaults, restore points and backups.
    ///
    /// - Parameter microseconds: since 1970.
    public static func microseconds(_ microseconds: Int64) -> String {
        let seconds = microseconds.flooredQuotient(1_000_000)
        let fraction = String(microseconds - seconds * 1_000_000)
        return calendar(seconds) + "." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }

    /// `2020-02-23T01:00:32Z`: as in operation logs.
    public static func seconds(_ microseconds: Int64) -> String {
        calendar(microseconds.flooredQuotient(1_000_000)) + "Z"
    }

    /// Days to year, month and day after Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    private static func calendar(_ seconds: Int64) -> String {
        let days = seconds.flooredQuotient(86_400)
        let second = seconds - days * 86_400
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
            + "T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
    }

    private static func pad(_ number: Int64, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
