public import HoldfastCore

/// The account that projects and users belong to.
public struct DomainRecord: Sendable, Equatable {
    public var id: DomainID
    public var name: String
    public var createdAt: Instant

    public init(id: DomainID, name: String, createdAt: Instant) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}

/// The wall between tenants.
public struct ProjectRecord: Sendable, Equatable {
    public var id: ProjectID
    public var domain: DomainID
    public var name: String
    public var description: String
    public var isEnabled: Bool
    public var createdAt: Instant

    public init(
        id: ProjectID, domain: DomainID, name: String, description: String, isEnabled: Bool, createdAt: Instant
    ) {
        self.id = id
        self.domain = domain
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
        self.createdAt = createdAt
    }
}

/// Someone who may log in.
public struct UserRecord: Sendable, Equatable {
    public var id: UserID
    public var domain: DomainID
    public var name: String
    /// A slow salted hash, with its parameters.
    public var passwordHash: String
    public var isEnabled: Bool
    public var createdAt: Instant

    public init(
        id: UserID, domain: DomainID, name: String, passwordHash: String, isEnabled: Bool, createdAt: Instant
    ) {
        self.id = id
        self.domain = domain
        self.name = name
        self.passwordHash = passwordHash
        self.isEnabled = isEnabled
        self.createdAt = createdAt
    }
}

/// What a user may do in a project.
public struct RoleGrant: Sendable, Equatable {
    public var user: UserID
    public var project: ProjectID
    public var role: Role

    public init(user: UserID, project: ProjectID, role: Role) {
        self.user = user
        self.project = project
        self.role = role
    }
}

/// A key that signs requests. It belongs to a user and serves in every project that the user has a role in.
public struct AccessKeyRecord: Sendable, Equatable {
    public var accessKey: String
    public var user: UserID
    /// Hex of the sealed secret key.
    public var sealedSecret: String
    public var description: String
    public var isEnabled: Bool
    public var createdAt: Instant

    public init(
        accessKey: String, user: UserID, sealedSecret: String, description: String, isEnabled: Bool,
        createdAt: Instant
    ) {
        self.accessKey = accessKey
        self.user = user
        self.sealedSecret = sealedSecret
        self.description = description
        self.isEnabled = isEnabled
        self.createdAt = createdAt
    }
}

/// A password for a program: it logs into one project as its user.
public struct ApplicationCredentialRecord: Sendable, Equatable {
    public var id: String
    public var user: UserID
    public var project: ProjectID
    public var name: String
    public var description: String
    public var secretHash: String
    public var expiresAt: Instant?
    public var createdAt: Instant

    public init(
        id: String, user: UserID, project: ProjectID, name: String, description: String, secretHash: String,
        expiresAt: Instant?, createdAt: Instant
    ) {
        self.id = id
        self.user = user
        self.project = project
        self.name = name
        self.description = description
        self.secretHash = secretHash
        self.expiresAt = expiresAt
        self.createdAt = createdAt
    }
}

/// A token that was issued and not revoked.
public struct TokenRecord: Sendable, Equatable {
    /// Hex of SHA-256 of the token's text.
    public var hash: String
    public var user: UserID
    public var project: ProjectID?
    public var isDomainScoped: Bool
    /// The application credential it was got with, directly or by way of other tokens.
    public var credential: String?
    public var methods: [String]
    public var auditID: String
    public var issuedAt: Instant
    public var expiresAt: Instant

    public init(
        hash: String, user: UserID, project: ProjectID?, isDomainScoped: Bool, credential: String? = nil,
        methods: [String], auditID: String, issuedAt: Instant, expiresAt: Instant
    ) {
        self.hash = hash
        self.user = user
        self.project = project
        self.isDomainScoped = isDomainScoped
        self.credential = credential
        self.methods = methods
        self.auditID = auditID
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

// Records that hold hashes or sealed secrets say only whose they are: they may end up in a log line.

extension UserRecord: CustomStringConvertible {
    public var description: String { "<user \(id)>" }
}

extension AccessKeyRecord: CustomDebugStringConvertible {
    public var debugDescription: String { "<access key \(accessKey)>" }
}

extension ApplicationCredentialRecord: CustomDebugStringConvertible {
    public var debugDescription: String { "<application credential \(id)>" }
}

extension TokenRecord: CustomStringConvertible {
    public var description: String { "<token \(auditID)>" }
}
