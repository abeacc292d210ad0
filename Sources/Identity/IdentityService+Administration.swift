public import Catalog
public import HoldfastCore

extension IdentityService {
    // MARK: Domains and projects

    public func domains() async throws(IdentityError) -> [DomainRecord] { try await read { try $0.domains() } }

    public func projects() async throws(IdentityError) -> [ProjectRecord] { try await read { try $0.projects() } }

    public func project(_ id: ProjectID) async throws(IdentityError) -> ProjectRecord? {
        try await read { try $0.project(id) }
    }

    /// - Throws: ``IdentityError`` with `.conflict` for a name that is taken in the domain.
    public func createProject(
        name: String, description: String = "", in domain: DomainID
    ) async throws(IdentityError) -> ProjectRecord {
        try Self.check(name: name, of: "project")
        let project = ProjectRecord(
            id: .randomPlain(seams.randomBytes), domain: domain, name: name, description: description,
            isEnabled: true, createdAt: now)
        try await write { try $0.insert(project) }
        return project
    }

    public func setEnabled(_ isEnabled: Bool, project: ProjectID) async throws(IdentityError) {
        guard try await write({ try $0.setEnabled(isEnabled, project: project) }) else {
            throw IdentityError(.notFound, "there is no project \(project)")
        }
    }

    // MARK: Users

    public func users() async throws(IdentityError) -> [UserRecord] { try await read { try $0.users() } }

    /// Makes a user with a random password, which is returned and kept nowhere.
    public func createUser(
        name: String, in domain: DomainID
    ) async throws(IdentityError) -> (user: UserRecord, password: String) {
        try Self.check(name: name, of: "user")
        let password = randomText(bytes: 18)
        let user = UserRecord(
            id: .randomPlain(seams.randomBytes), domain: domain, name: name, passwordHash: try await hash(password),
            isEnabled: true, createdAt: now)
        try await write { try $0.insert(user) }
        return (user, password)
    }

    /// Gives a user a new random password and ends all its tokens.
    public func rotatePassword(of user: UserID) async throws(IdentityError) -> String {
        let password = randomText(bytes: 18)
        let hash = try await hash(password)
        let isDone = try await write { transaction in
            try transaction.deleteTokens(of: user)
            return try transaction.setPasswordHash(hash, user: user)
        }
        guard isDone else { throw IdentityError(.notFound, "there is no user \(user)") }
        return password
    }

    /// Disabling ends all of the user's tokens; its keys are refused while it is disabled.
    public func setEnabled(_ isEnabled: Bool, user: UserID) async throws(IdentityError) {
        let isDone = try await write { transaction in
            if !isEnabled { try transaction.deleteTokens(of: user) }
            return try transaction.setEnabled(isEnabled, user: user)
        }
        guard isDone else { throw IdentityError(.notFound, "there is no user \(user)") }
    }

    /// Deletes a user with its keys, tokens, application credentials and roles.
    public func deleteUser(_ user: UserID) async throws(IdentityError) {
        guard try await write({ try $0.deleteUser(user) }) else {
            throw IdentityError(.notFound, "there is no user \(user)")
        }
    }

    public func grants(of user: UserID) async throws(IdentityError) -> [RoleGrant] {
        try await read { try $0.grants(of: user) }
    }

    public func grant(_ role: Role, to user: UserID, in project: ProjectID) async throws(IdentityError) {
        try await write { transaction in
            guard try transaction.user(user) != nil else {
                throw IdentityError(.notFound, "there is no user \(user)")
            }
            guard try transaction.project(project) != nil else {
                throw IdentityError(.notFound, "there is no project \(project)")
            }
            try transaction.grant(RoleGrant(user: user, project: project, role: role))
        }
    }

    public func revokeRole(of user: UserID, in project: ProjectID) async throws(IdentityError) {
        guard try await write({ try $0.revoke(user: user, project: project) }) else {
            throw IdentityError(.notFound, "the user \(user) has no role in the project \(project)")
        }
    }

    // MARK: Access keys

    public func accessKeys() async throws(IdentityError) -> [AccessKeyRecord] { try await read { try $0.accessKeys() } }

    /// Makes an access key; its secret key is returned and kept only sealed.
    public func createAccessKey(
        for user: UserID, description: String = ""
    ) async throws(IdentityError) -> (key: AccessKeyRecord, secret: String) {
        let accessKey = "HF" + Hex.encode(seams.randomBytes(9)).uppercased()
        let secret = randomText(bytes: 30)
        let sealed = Hex.encode(try box.seal(Array(secret.utf8), label: accessKey))
        let key = AccessKeyRecord(
            accessKey: accessKey, user: user, sealedSecret: sealed, description: description, isEnabled: true,
            createdAt: now)
        try await write { transaction in
            guard try transaction.user(user) != nil else {
                throw IdentityError(.notFound, "there is no user \(user)")
            }
            try transaction.insert(key)
        }
        return (key, secret)
    }

    public func setEnabled(_ isEnabled: Bool, accessKey: String) async throws(IdentityError) {
        guard try await write({ try $0.setEnabled(isEnabled, accessKey: accessKey) }) else {
            throw IdentityError(.notFound, "there is no access key \(accessKey)")
        }
    }

    public func deleteAccessKey(_ accessKey: String) async throws(IdentityError) {
        guard try await write({ try $0.deleteAccessKey(accessKey) }) else {
            throw IdentityError(.notFound, "there is no access key \(accessKey)")
        }
    }

    /// Makes a new key for the same user and ends the old one, in that order: a crash leaves two keys, never none.
    public func rotateAccessKey(
        _ accessKey: String
    ) async throws(IdentityError) -> (key: AccessKeyRecord, secret: String) {
        guard let old = try await read({ try $0.accessKey(accessKey) }) else {
            throw IdentityError(.notFound, "there is no access key \(accessKey)")
        }
        let new = try await createAccessKey(for: old.user, description: old.description)
        try await deleteAccessKey(accessKey)
        return new
    }

    // MARK: Helpers

    func hash(_ password: String) async throws(IdentityError) -> String {
        let salt = [UInt8](seams.randomBytes(PasswordHash.saltBytes))
        do { return try await passwordThreads.run { try PasswordHash(of: password, salt: salt).text } } catch {
            throw Self.wrap(error)
        }
    }

    /// Names are 1 to 64 characters without control characters.
    private static func check(name: String, of what: String) throws(IdentityError) {
        guard (1...64).contains(name.unicodeScalars.count),
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw IdentityError(
                .malformed, "the name of a \(what) has 1 to 64 characters, none of them control characters")
        }
    }
}
