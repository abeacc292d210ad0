import Catalog
import Foundation
import HoldfastCore

extension IdentityService {
    /// Issues a token: 32 random bytes, kept only as their hash.
    ///
    /// - Throws: ``IdentityError`` with `.unauthenticated` when anything is wrong with user, secret or scope, without
    ///   saying what; `.busy` when too many wait.
    public func issueToken(_ request: TokenRequest) async throws(IdentityError) -> IssuedToken {
        let proof = try await prove(request)
        let scope = try await resolve(proof.scope ?? request.scope, user: proof.user)
        let text = randomText(bytes: 32)
        let now = now
        let token = TokenRecord(
            hash: Self.hash(ofToken: text), user: proof.user.id, project: scope.project?.id,
            isDomainScoped: scope.isDomain, credential: proof.credential, methods: proof.methods,
            auditID: randomText(bytes: 16), issuedAt: now,
            expiresAt: min(proof.expiresAt ?? now.adding(Self.tokenLifetime), now.adding(Self.tokenLifetime)))
        let domain = try await write { transaction -> DomainRecord? in
            try transaction.deleteTokens(endedBefore: now)
            try transaction.insert(token)
            return try transaction.domains().first { $0.id == proof.user.domain }
        }
        guard let domain else { throw .unauthenticated("the user's domain is gone") }
        return IssuedToken(
            text: text,
            principal: Principal(
                user: proof.user, domain: domain, project: scope.project, projectRole: nil,
                isDomainScoped: scope.isDomain,
                means: .token(token)))
    }

    /// Ends a token. One that is unknown is no error.
    ///
    /// - Returns: false when there was none.
    public func revokeToken(_ text: String) async throws(IdentityError) -> Bool {
        let hash = Self.hash(ofToken: text)
        return try await write { try $0.deleteToken(hash: hash) }
    }

    private struct Proof {
        let user: UserRecord
        let methods: [String]
        /// Fixed by an application credential.
        var scope: TokenRequest.Scope?
        var credential: String?
        /// A token got with a token does not outlive it.
        var expiresAt: Instant?
    }

    private func prove(_ request: TokenRequest) async throws(IdentityError) -> Proof {
        switch request.method {
        case .token(let text):
            let principal = try await principal(ofToken: text)
            guard case .token(let record) = principal.means else { throw .unauthenticated("not a token") }
            let methods = record.methods.contains("token") ? record.methods : record.methods + ["token"]
            // A credential is for one project: its tokens must not become tokens for another.
            let scope = record.credential.flatMap { _ in record.project.map(TokenRequest.Scope.project) }
            return Proof(
                user: principal.user, methods: methods, scope: scope, credential: record.credential,
                expiresAt: record.expiresAt)
        case .password(let name, let password):
            let user = try await find(name)
            try await check(password, against: user?.passwordHash)
            guard let user, user.isEnabled else { throw .unauthenticated("user unknown or disabled") }
            return Proof(user: user, methods: ["password"])
        case .applicationCredential(let name, let secret):
            let credential = try await find(name)
            try await check(secret, against: credential?.secretHash)
            let now = now
            guard let credential, credential.expiresAt.map({ $0 > now }) ?? true,
                let user = try await read({ try $0.user(credential.user) }), user.isEnabled
            else { throw .unauthenticated("application credential unknown or over") }
            return Proof(
                user: user, methods: ["application_credential"], scope: .project(credential.project),
                credential: credential.id, expiresAt: credential.expiresAt)
        }
    }

    /// Costs the same whether or not there is anyone to check against.
    private func check(_ password: String, against stored: String?) async throws(IdentityError) {
        let hash = stored.flatMap { PasswordHash($0) } ?? Self.nobody
        let matches: Bool
        do { matches = try await passwordThreads.run { try hash.matches(password) } } catch { throw Self.wrap(error) }
        guard matches, stored != nil else { throw .unauthenticated("wrong secret or unknown name") }
    }

    /// Matches no password that anyone can give: its hash is all zeros.
    private static let nobody =
        PasswordHash("scrypt$16384$8$1$\(String(repeating: "00", count: 16))$\(String(repeating: "00", count: 32))")
        ?? unusable

    private static var unusable: PasswordHash { preconditionFailure("the constant above is well formed") }

    private func find(_ name: TokenRequest.UserName) async throws(IdentityError) -> UserRecord? {
        try await read { transaction in
            switch name {
            case .id(let id): return try transaction.user(id)
            case .named(let name, let domain):
                guard let domain = try transaction.domain(domain) else { return nil }
                return try transaction.user(named: name, in: domain.id)
            }
        }
    }

    private func find(_ name: TokenRequest.CredentialName) async throws(IdentityError) -> ApplicationCredentialRecord? {
        switch name {
        case .id(let id): return try await read { try $0.applicationCredential(id) }
        case .named(let name, let user):
            guard let user = try await find(user) else { return nil }
            return try await read { try $0.applicationCredentials(of: user.id).first { $0.name == name } }
        }
    }

    private func resolve(
        _ scope: TokenRequest.Scope, user: UserRecord
    ) async throws(IdentityError) -> (project: ProjectRecord?, isDomain: Bool) {
        let projects = try await read { try $0.projects(of: user.id) }
        let project: ProjectRecord?
        switch scope {
        case .unscoped: return (nil, false)
        case .unspecified: return (projects.count == 1 ? projects.first : nil, false)
        case .domain(let name):
            guard let domain = try await read({ try $0.domain(name) }), domain.id == user.domain else {
                throw .unauthenticated("no such domain, or not the user's")
            }
            return (nil, true)
        case .project(let id): project = projects.first { $0.id == id }
        case .projectNamed(let name, let domainName):
            let domain = try await read { try $0.domain(domainName) }
            project = projects.first { $0.name == name && $0.domain == domain?.id }
        }
        guard let project else { throw .unauthenticated("no such project, or no role in it") }
        return (project, false)
    }
}

extension SQLTransaction {
    func domain(_ name: TokenRequest.DomainName) throws -> DomainRecord? {
        try domains().first { domain in
            switch name {
            case .id(let id): domain.id == id
            case .named(let name): domain.name == name
            }
        }
    }
}
