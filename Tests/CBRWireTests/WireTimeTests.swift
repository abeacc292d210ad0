import Foundation
import Testing

@testable import CBRWire

@Suite("Instants are written as the interface writes them")
struct WireTimeTests {
    @Test(
        "with six digits of fraction and no zone, or with whole seconds in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000000", "1970-01-01T00:00:00Z"),
            (1_580_899_114_209_782, "2020-02-05T10:38:34.209782", "2020-02-05T10:38:34Z"),
            (951_782_400_000_001, "2000-02-29T00:00:00.000001", "2000-02-29T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999999", "1969-12-31T23:59:59Z"),
            (4_107_542_399_999_999, "2100-02-28T23:59:59.999999", "2100-02-28T23:59:59Z"),
        ])
    func pins(microseconds: Int64, long: String, short: String) {
        #expect(WireTime.microseconds(microseconds) == long)
        #expect(WireTime.seconds(microseconds) == short)
    }

    @Test("as Foundation's calendar has it, every 400 years and some days")
    func calendar() {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt)
        for day in stride(from: Int64(-25_000), to: 200_000, by: 97) {
            let date = Date(timeIntervalSince1970: Double(day * 86_400 + day & 0xFFFF))
            let microseconds = (day * 86_400 + day & 0xFFFF) * 1_000_000
            #expect(WireTime.seconds(microseconds) == date.formatted(style))
        }
    }
}
