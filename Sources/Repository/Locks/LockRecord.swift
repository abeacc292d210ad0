import Foundation
import HoldfastCore

/// One thing that was once said about a restore point: that it is locked until a time or for ever, that a legal hold
/// begins, or that some end. Records are added and never changed, and their order does not matter: the latest time of all
/// counts, and a hold is over when any record says so. So times never become earlier, whoever writes at once.
struct LockRecord: Codable, Equatable {
    /// Of the stored object. More is not read into memory.
    static let recordBytesMax = 64 << 10
    static let reasonBytesMax = 4096
    private static let microsecondsEnd: Int64 = 253_402_300_800_000_000

    /// Microseconds since 1970 UTC, by the clock of whoever made it.
    let createdAt: Int64
    /// The restore point's id: a record does not count for another one.
    let point: String
    var keepUntil: Int64?
    var keepsForever: Bool?
    /// Of a hold that begins: 32 hex digits, drawn for it.
    var hold: String?
    var reason: String?
    var endedHolds: [String]?

    init(point: String, now: Date) {
        self.point = point
        createdAt = Self.microseconds(now)
    }

    static func microseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1_000_000).rounded()) }

    var keep: KeepTime? {
        if keepsForever == true { return .forever }
        return keepUntil.map { .until(Date(timeIntervalSince1970: Double($0) / 1_000_000)) }
    }

    func encoded() throws(RepositoryError) -> [UInt8] {
        guard isSound else { throw RepositoryError(.badDescription, "a lock can't have such a time or reason") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(self)) } catch { throw .library("JSONEncoder") }
    }

    init(decoding body: [UInt8], point: String, name: String) throws(RepositoryError) {
        do { self = try JSONDecoder().decode(Self.self, from: Data(body)) } catch {
            throw .corrupt(name, "its fields make no sense")
        }
        guard isSound else { throw .corrupt(name, "a field of it has an impossible value") }
        guard self.point == point else { throw .corrupt(name, "it is another restore point's") }
    }

    private var isSound: Bool {
        let said = [keepUntil != nil, keepsForever != nil, hold != nil, endedHolds != nil].filter { $0 }.count
        return said == 1 && keepsForever != false && (hold == nil) == (reason == nil)
            && keepUntil.map { (0..<Self.microsecondsEnd).contains($0) } ?? true
            && (0..<Self.microsecondsEnd).contains(createdAt)
            && ([hold].compactMap { $0 } + (endedHolds ?? [])).allSatisfy { Hex.decode($0)?.count == 16 }
            && (reason?.utf8.count ?? 0) <= Self.reasonBytesMax
    }
}

extension Protection {
    /// What all records of a restore point say together, in any order.
    init(_ records: [LockRecord], unreadable: [String] = []) {
        keep = records.compactMap(\.keep).max()
        let ended = Set(records.flatMap { $0.endedHolds ?? [] })
        for record in records {
            if let hold = record.hold, !ended.contains(hold) { holds[hold] = record.reason ?? "" }
        }
        self.unreadable = unreadable.sorted()
    }
}
