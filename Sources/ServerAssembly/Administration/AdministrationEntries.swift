public import Foundation

/// A project as administrators see it.
public struct ProjectEntry: Sendable, Equatable, Encodable {
    public let id: String
    public let name: String
    public let domainID: String
    public let description: String
    public let isEnabled: Bool
    public let createdAt: Date

    private enum CodingKeys: String, CodingKey {
        case id, name, domainID, description
        case isEnabled = "enabled"
        case createdAt
    }
}

/// A user and its roles, as administrators see them.
public struct UserEntry: Sendable, Equatable, Encodable, CustomStringConvertible {
    public struct Role: Sendable, Equatable, Encodable {
        public let projectID: String
        public let projectName: String
        /// `cbr_admin`, `cbr_user` or `cbr_viewer`.
        public let role: String
    }

    public let id: String
    public let name: String
    public let domainID: String
    public let isEnabled: Bool
    public let createdAt: Date
    public var roles: [Role]
    /// Only when it was made just now: it is kept nowhere.
    public var password: String?

    public var description: String { "<user \(id)>" }

    private enum CodingKeys: String, CodingKey {
        case id, name, domainID
        case isEnabled = "enabled"
        case createdAt, roles, password
    }
}

/// An access key, as administrators see it.
public struct AccessKeyEntry: Sendable, Equatable, Encodable, CustomStringConvertible {
    public let accessKey: String
    public let userID: String
    public let userName: String
    /// What it is for.
    public let purpose: String
    public let isEnabled: Bool
    public let createdAt: Date
    /// Only when it was made just now: it is not shown again.
    public var secretKey: String?

    public var description: String { "<access key \(accessKey)>" }

    private enum CodingKeys: String, CodingKey {
        case accessKey, userID, userName
        case purpose = "description"
        case isEnabled = "enabled"
        case createdAt, secretKey
    }
}
