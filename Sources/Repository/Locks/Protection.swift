public import Foundation

/// For how long a restore point is locked. The later one is the greater.
public enum KeepTime: Sendable, Hashable, Comparable {
    case until(Date)
    case forever
}

/// What keeps a restore point, as the repository itself remembers it.
public struct Protection: Sendable, Equatable {
    /// Nil: it was never locked.
    public internal(set) var keep: KeepTime?
    /// The reasons of the legal holds that nobody has ended, by their ids.
    public internal(set) var holds: [String: String] = [:]
    /// Keys of records that can't be read. What they say is not known, so the restore point is kept.
    public internal(set) var unreadable: [String] = []

    /// Why a restore point can't be removed.
    public enum Bar: Sendable, Equatable {
        case held(reason: String)
        case locked(KeepTime)
        case unreadable(record: String)
    }

    /// - Returns: nil when it may go.
    public func bar(now: Date) -> Bar? {
        if let hold = holds.min(by: { $0.key < $1.key }) { return .held(reason: hold.value) }
        if let record = unreadable.first { return .unreadable(record: record) }
        guard let keep, keep > .until(now) else { return nil }
        return .locked(keep)
    }

    /// Until when the store is to refuse the removal of what the restore point needs; nil: nobody knows.
    var storeUntil: Date? {
        guard holds.isEmpty, unreadable.isEmpty, case .until(let date)? = keep else { return nil }
        return date
    }
}
