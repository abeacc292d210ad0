public import Foundation

/// The id of one kind of thing; ids of different kinds are different types, so the compiler catches swaps.
///
/// The text is kept exactly as given: callers that read ids from a user validate them first.
public struct Identifier<Subject>: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }

    public var description: String { text }
}

extension Identifier: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Identifier {
    /// A random id in the form of vaults, backups and operations: a version 4 UUID in lower case, with dashes (RFC 9562).
    public static func randomDashed(_ randomBytes: @Sendable (_ count: Int) -> Data) -> Self {
        var bytes = [UInt8](randomBytes(16))
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Hex.encode(bytes)
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
            hex[
                hex.index(
                    hex.startIndex, offsetBy: range.lowerBound)..<hex.index(hex.startIndex, offsetBy: range.upperBound)]
        }
        return Self(parts.joined(separator: "-"))
    }

    /// A random id in the form of projects, domains and users: 32 lower-case hex digits without dashes.
    public static func randomPlain(_ randomBytes: @Sendable (_ count: Int) -> Data) -> Self {
        Self(Hex.encode([UInt8](randomBytes(16))))
    }
}

/// What identifiers can point to.
public enum Subjects {
    public enum Project: Sendable {}
    public enum Domain: Sendable {}
    public enum User: Sendable {}
    public enum Resource: Sendable {}
    public enum Vault: Sendable {}
    public enum Checkpoint: Sendable {}
    public enum Backup: Sendable {}
    public enum Operation: Sendable {}
    public enum Policy: Sendable {}
    public enum RestorePoint: Sendable {}
    public enum Agent: Sendable {}
    public enum Replication: Sendable {}
}

public typealias ProjectID = Identifier<Subjects.Project>
public typealias DomainID = Identifier<Subjects.Domain>
public typealias UserID = Identifier<Subjects.User>
public typealias ResourceID = Identifier<Subjects.Resource>
public typealias VaultID = Identifier<Subjects.Vault>
public typealias CheckpointID = Identifier<Subjects.Checkpoint>
public typealias BackupID = Identifier<Subjects.Backup>
/// The agent on one host makes it up, once, and keeps it.
public typealias AgentID = Identifier<Subjects.Agent>
public typealias OperationID = Identifier<Subjects.Operation>
/// One replication of one backup to one vault of another region.
public typealias ReplicationID = Identifier<Subjects.Replication>
public typealias PolicyID = Identifier<Subjects.Policy>
/// Names one stored restore point of one resource in a repository: 64 lower-case hex digits.
public typealias RestorePointID = Identifier<Subjects.RestorePoint>
