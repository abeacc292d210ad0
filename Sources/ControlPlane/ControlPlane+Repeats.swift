public import Catalog
import HoldfastCore

/// How a creating request stands that may have been sent before.
public enum RequestTurn: Sendable, Equatable {
    /// Nobody sent it within ``ControlPlane/repeatWindow``: carry it out, and say how it ended.
    case first
    /// It was answered so.
    case answered(RepeatAnswer)
    /// It is being carried out, or nobody knows how it ended.
    case running
}

/// A request that creates something and that its sender names is carried out once: a client that heard no answer may send it
/// again without making a second vault or backup.
extension ControlPlane {
    /// How long a request is remembered.
    static let repeatWindow = Duration.seconds(60)

    /// Takes the turn of a request; of several at the same time one is the first.
    public func beginRequest(_ key: RepeatKey) async throws -> RequestTurn {
        let now = now
        return try await write { transaction in
            try transaction.repeats.delete(before: now.adding(.zero - Self.repeatWindow))
            switch try transaction.repeats.find(key) {
            case .some(.some(let answer)): return .answered(answer)
            case .some(nil): return .running
            case nil:
                try transaction.repeats.begin(key, now: now)
                return .first
            }
        }
    }

    /// Stores what was answered.
    public func endRequest(_ key: RepeatKey, _ answer: RepeatAnswer) async throws {
        try await write { transaction in try transaction.repeats.end(key, answer) }
    }

    /// A request that was refused changed nothing: the same may be tried again at once.
    public func dropRequest(_ key: RepeatKey) async throws {
        try await write { transaction in try transaction.repeats.delete(key) }
    }
}
