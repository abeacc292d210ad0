public import Catalog
public import HoldfastCore

extension IdentityService {
    /// Makes a credential for the caller in the token's project.
    ///
    /// - Parameters:
    ///   - secret: the caller's choice, or nil for a random one.
    ///   - expiresAt: nil for never.
    /// - Returns: the credential, and its secret for this one time.
    /// - Throws: ``IdentityError`` with `.forbidden` without a project, `.conflict` for a name that is taken,
    ///   `.malformed` for lengths and an end that has passed.
    public func createApplicationCredential(
        name: String, description: String, secret: String?, expiresAt: Instant?, by principal: Principal
    ) async throws(IdentityError) -> (credential: ApplicationCredentialRecord, secret: String) {
        guard let project = principal.project else {
            throw IdentityError(.forbidden, "an application credential is made with a token for a project")
        }
        try refuseIfConfined(principal)
        guard (1...255).contains(name.unicodeScalars.count) else {
            throw IdentityError(.malformed, "application_credential.name: 1 to 255 characters")
        }
        guard description.unicodeScalars.count <= 255 else {
            throw IdentityError(.malformed, "application_credential.description: at most 255 characters")
        }
        guard secret.map({ (8...255).contains($0.utf8.count) }) ?? true else {
            throw IdentityError(.malformed, "application_credential.secret: 8 to 255 bytes, or leave it out")
        }
        guard expiresAt.map({ $0 > now }) ?? true else {
            throw IdentityError(.malformed, "application_credential.expires_at: has passed already")
        }
        let secret = secret ?? randomText(bytes: 32)
        let hash = try await hash(secret)
        let credential = ApplicationCredentialRecord(
            id: Identifier<Subjects.User>.randomPlain(seams.randomBytes).text, user: principal.user.id,
            project: project.id, name: name, description: description, secretHash: hash, expiresAt: expiresAt,
            createdAt: now)
        try await write { try $0.insert(credential) }
        return (credential, secret)
    }

    public func applicationCredentials(of user: UserID) async throws(IdentityError) -> [ApplicationCredentialRecord] {
        try await read { try $0.applicationCredentials(of: user) }
    }

    /// Deletes one of the caller's credentials, and ends its tokens.
    public func deleteApplicationCredential(_ id: String, by principal: Principal) async throws(IdentityError) {
        try refuseIfConfined(principal)
        let user = principal.user.id
        guard try await write({ try $0.deleteApplicationCredential(id, of: user) }) else {
            throw IdentityError(.notFound, "there is no application credential \(id)")
        }
    }

    /// A program that was given a credential must not be able to make itself another, or to take away those of others.
    private func refuseIfConfined(_ principal: Principal) throws(IdentityError) {
        if case .token(let token) = principal.means, token.credential != nil {
            throw IdentityError(.forbidden, "a token of an application credential can't make or delete credentials")
        }
    }
}
