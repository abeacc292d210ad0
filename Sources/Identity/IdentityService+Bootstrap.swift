import Catalog
import HoldfastCore

/// What the first start tells its administrator: everything that a client asks for. Holds secrets.
///
/// Who writes it as JSON spells the names with underscores: `iam_endpoint`, `project_id`, and so on.
public struct AdminCredentials: Codable, Sendable, CustomStringConvertible {
    public var endpoint: String
    public var iamEndpoint: String
    public var region: String
    public var domainID: String
    public var domainName: String
    public var projectID: String
    public var projectName: String
    public var userName: String
    public var password: String
    public var accessKey: String
    public var secretKey: String

    public var description: String { "<credentials of \(userName)>" }
}

extension IdentityService {
    public static let defaultDomain = "default"
    public static let adminUser = "admin"

    /// Makes the first domain, project, user and key, unless there is a domain already.
    ///
    /// The project has the region's name: clients that are given a region look their project up by that name.
    ///
    /// - Parameter publish: keeps the credentials for the administrator. Called before anything is stored: a first start
    ///   that is interrupted begins again and publishes anew, and no password is ever lost.
    /// - Returns: nil when there was nothing to do.
    public func bootstrap(
        region: String, endpoint: String, publish: @Sendable (AdminCredentials) async throws -> Void
    ) async throws -> AdminCredentials? {
        guard try await domains().isEmpty else { return nil }
        let password = randomText(bytes: 18)
        let hash = try await hash(password)
        let accessKey = "HF" + Hex.encode(seams.randomBytes(9)).uppercased()
        let secret = randomText(bytes: 30)
        let sealed = Hex.encode(try box.seal(Array(secret.utf8), label: accessKey))
        let now = now
        let domain = DomainRecord(id: .randomPlain(seams.randomBytes), name: Self.defaultDomain, createdAt: now)
        let project = ProjectRecord(
            id: .randomPlain(seams.randomBytes), domain: domain.id, name: region, description: "", isEnabled: true,
            createdAt: now)
        let user = UserRecord(
            id: .randomPlain(seams.randomBytes), domain: domain.id, name: Self.adminUser, passwordHash: hash,
            isEnabled: true, createdAt: now)
        let credentials = AdminCredentials(
            endpoint: endpoint, iamEndpoint: endpoint, region: region, domainID: domain.id.text,
            domainName: domain.name, projectID: project.id.text, projectName: project.name, userName: user.name,
            password: password, accessKey: accessKey, secretKey: secret)
        try await publish(credentials)
        try await write { transaction in
            try transaction.insert(domain)
            try transaction.insert(project)
            try transaction.insert(user)
            try transaction.grant(RoleGrant(user: user.id, project: project.id, role: .admin))
            try transaction.insert(
                AccessKeyRecord(
                    accessKey: accessKey, user: user.id, sealedSecret: sealed, description: "made at the first start",
                    isEnabled: true, createdAt: now))
        }
        return credentials
    }
}
