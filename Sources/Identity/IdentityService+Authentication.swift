public import Catalog
public import HoldfastCore

extension IdentityService {
    /// Who sent the request: by its `X-Auth-Token`, or else by its signature.
    ///
    /// - Parameter version: asked for since the request came; nil reads everything anew.
    /// - Throws: ``IdentityError`` with `.unauthenticated` for everything that is not right; the reason is in its facts.
    public func authenticate(
        _ request: SignedRequest, at version: CatalogVersion? = nil
    ) async throws(IdentityError) -> Principal {
        switch try Claim(request) {
        case .token(let hash): try await principal(ofTokenHash: hash, at: version)
        case .signature(let accessKey): try confirm(await signer(accessKey, at: version), of: request)
        }
    }

    /// As ``authenticate(_:at:)``, by nothing but what was found before: never waits.
    ///
    /// - Returns: nil when that does not tell.
    public func keptPrincipal(
        of request: SignedRequest, at version: CatalogVersion
    ) throws(IdentityError) -> Principal? {
        switch try Claim(request) {
        case .token(let hash):
            guard let found = kept.value(for: .token(hash: hash), at: version) as? Principal else { return nil }
            return try confirm(found)
        case .signature(let accessKey):
            guard let found = kept.value(for: .accessKey(accessKey), at: version) as? Signer else { return nil }
            return try confirm(found, of: request)
        }
    }

    /// - Throws: ``IdentityError`` with `.unauthenticated` for a token that is unknown, over, or whose user or project is
    ///   disabled or no longer has a role.
    public func principal(
        ofToken text: String, at version: CatalogVersion? = nil
    ) async throws(IdentityError) -> Principal {
        try await principal(ofTokenHash: Self.hash(ofToken: text), at: version)
    }

    private func principal(
        ofTokenHash hash: String, at version: CatalogVersion?
    ) async throws(IdentityError) -> Principal {
        let now = now
        let found = try await read(.token(hash: hash), at: version) { transaction -> Principal? in
            guard let token = try transaction.token(hash: hash), token.expiresAt > now,
                let (user, domain) = try transaction.userAndDomain(token.user), user.isEnabled
            else { return nil }
            var project: ProjectRecord?
            var role: Role?
            if let id = token.project {
                guard let (record, granted) = try transaction.projectAndRole(id, of: user.id), record.isEnabled
                else { return nil }
                (project, role) = (record, granted)
            }
            return Principal(
                user: user, domain: domain, project: project, projectRole: role, isDomainScoped: token.isDomainScoped,
                means: .token(token))
        }
        return try confirm(found)
    }

    /// A token that was kept may be over by now.
    private func confirm(_ found: Principal?) throws(IdentityError) -> Principal {
        guard let found, case .token(let token) = found.means, token.expiresAt > now else {
            throw .unauthenticated("token unknown or over")
        }
        return found
    }

    private func signer(_ accessKey: String, at version: CatalogVersion?) async throws(IdentityError) -> Signer? {
        try await read(.accessKey(accessKey), at: version) { transaction -> Signer? in
            guard let key = try transaction.accessKey(accessKey), key.isEnabled,
                let (user, domain) = try transaction.userAndDomain(key.user), user.isEnabled
            else { return nil }
            return Signer(key: key, user: user, domain: domain)
        }
    }

    /// Each request has a signature of its own, whoever is known.
    private func confirm(_ found: Signer?, of request: SignedRequest) throws(IdentityError) -> Principal {
        guard let found else { throw .unauthenticated(SignatureVerifier.Refusal.unknownKey.rawValue) }
        let secret = try secret(of: found.key)
        do { try verifier.verify(request, secret: secret, now: seams.now()) } catch {
            throw .unauthenticated(error.rawValue)
        }
        return Principal(
            user: found.user, domain: found.domain, project: nil, projectRole: nil, isDomainScoped: false,
            means: .signature(accessKey: found.key.accessKey))
    }

    /// The caller's role in the project of the path.
    ///
    /// - Parameter claimedProject: of the `X-Project-Id` header, if any.
    /// - Throws: ``IdentityError`` with `.forbidden` when the caller has no role there, the token is for another
    ///   project, or the header names another project than the path. Whether the project exists is not told.
    public func role(
        of principal: Principal, in project: ProjectID, claimedProject: String?, at version: CatalogVersion? = nil
    ) async throws(IdentityError) -> Role {
        if let role = try keptRole(of: principal, in: project, claimedProject: claimedProject, at: version) {
            return role
        }
        let user = principal.user.id
        let role = try await read(.role(user, project), at: version) { transaction -> Role? in
            guard let (record, role) = try transaction.projectAndRole(project, of: user), record.isEnabled
            else { return nil }
            return role
        }
        guard let role else { throw .noRole(in: project) }
        return role
    }

    /// As ``role(of:in:claimedProject:at:)``, by nothing but what was found before: never waits.
    ///
    /// - Returns: nil when that does not tell.
    public func keptRole(
        of principal: Principal, in project: ProjectID, claimedProject: String?, at version: CatalogVersion?
    ) throws(IdentityError) -> Role? {
        if let claimedProject, !claimedProject.isEmpty, claimedProject != project.text {
            throw IdentityError(.forbidden, "the X-Project-Id header names another project than the path")
        }
        guard principal.mayName(project) else { throw .noRole(in: project) }
        // Read with the token, a moment ago.
        if principal.project?.id == project, let role = principal.projectRole { return role }
        return version.flatMap { kept.value(for: .role(principal.user.id, project), at: $0) as? Role }
    }

    /// The projects a caller may get a token for, or name with a signature: all in which it has a role. With a token got
    /// by an application credential, only the credential's.
    public func projects(of principal: Principal) async throws(IdentityError) -> [ProjectRecord] {
        if case .token(let token) = principal.means, token.credential != nil {
            return principal.project.map { [$0] } ?? []
        }
        let user = principal.user.id
        return try await read { try $0.projects(of: user) }
    }

    /// The projects of a caller's domain that are switched on, whether or not it has a role in them. With a token got by an
    /// application credential, only the credential's.
    public func domainProjects(of principal: Principal) async throws(IdentityError) -> [ProjectRecord] {
        if case .token(let token) = principal.means, token.credential != nil {
            return principal.project.map { [$0] } ?? []
        }
        let domain = principal.domain.id
        return try await read { try $0.projects() }.filter { $0.domain == domain && $0.isEnabled }
    }

    static func hash(ofToken text: String) -> String { Hex.encode(Hashing.sha256(Array(text.utf8))) }

    func secret(of key: AccessKeyRecord) throws(IdentityError) -> String {
        guard let box = Hex.decode(key.sealedSecret) else { throw .secretUnreadable(key.accessKey) }
        return String(decoding: try self.box.open(box, label: key.accessKey), as: UTF8.self)
    }
}

/// By what a request says who sent it.
private enum Claim {
    case token(hash: String)
    case signature(accessKey: String)

    init(_ request: SignedRequest) throws(IdentityError) {
        let tokens = request.values(of: "x-auth-token")
        if let token = tokens.first, !token.isEmpty {
            guard tokens.count == 1 else { throw .unauthenticated("several tokens") }
            self = .token(hash: IdentityService.hash(ofToken: token))
            return
        }
        guard let accessKey = SignatureVerifier.accessKey(of: request) else { throw .unauthenticated("nothing given") }
        guard request.values(of: "x-security-token").isEmpty else {
            throw .unauthenticated("temporary keys are not issued")
        }
        self = .signature(accessKey: accessKey)
    }
}

extension IdentityError {
    fileprivate static func noRole(in project: ProjectID) -> Self {
        Self(.forbidden, "you have no role in the project \(project)")
    }
}

/// A key with whom it is for.
private struct Signer: Sendable {
    let key: AccessKeyRecord
    let user: UserRecord
    let domain: DomainRecord
}
