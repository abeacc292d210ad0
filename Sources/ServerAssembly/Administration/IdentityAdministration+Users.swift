import Catalog
import HoldfastCore
import Identity

extension IdentityAdministration {
    public func users() async throws(AdministrationError) -> [UserEntry] {
        try await wrapped {
            var entries: [UserEntry] = []
            for user in try await identity.users() { entries.append(try await entry(user)) }
            return entries
        }
    }

    public func user(_ user: String) async throws(AdministrationError) -> UserEntry {
        try await wrapped { try await entry(try await find(user: user)) }
    }

    /// - Parameter role: nil for a user without a role; it can log in, but call nothing.
    /// - Returns: the user with its password, which is shown this once.
    public func createUser(
        name: String, role: (role: String, project: String)?
    ) async throws(AdministrationError) -> UserEntry {
        try await wrapped {
            // Checked first: a mistyped role or project must not leave a user whose password nobody saw.
            let grant = try await role.asyncMap { (try parse(role: $0.role), try await find(project: $0.project).id) }
            let (user, password) = try await identity.createUser(name: name, in: try await domain())
            if let (role, project) = grant { try await identity.grant(role, to: user.id, in: project) }
            return try await entry(user, password: password)
        }
    }

    /// Disabling ends the user's tokens, and its keys are refused.
    public func setEnabled(_ isEnabled: Bool, user: String) async throws(AdministrationError) -> UserEntry {
        try await wrapped {
            let found = try await find(user: user)
            try await identity.setEnabled(isEnabled, user: found.id)
            return try await entry(try await find(user: found.id.text))
        }
    }

    /// - Returns: the user with its new password, which is shown this once. All its tokens have ended.
    public func rotatePassword(of user: String) async throws(AdministrationError) -> UserEntry {
        try await wrapped {
            let found = try await find(user: user)
            return try await entry(found, password: try await identity.rotatePassword(of: found.id))
        }
    }

    /// Deletes a user with its keys, tokens and application credentials. What it made in projects stays.
    public func deleteUser(_ user: String) async throws(AdministrationError) -> UserEntry {
        try await wrapped {
            let found = try await find(user: user)
            let entry = try await entry(found)
            try await identity.deleteUser(found.id)
            return entry
        }
    }

    /// Gives a role in a project, in place of the one that the user may have there.
    public func grant(
        role: String, to user: String, in project: String
    ) async throws(AdministrationError) -> UserEntry {
        try await wrapped {
            let user = try await find(user: user)
            try await identity.grant(parse(role: role), to: user.id, in: try await find(project: project).id)
            return try await entry(user)
        }
    }

    public func revokeRole(of user: String, in project: String) async throws(AdministrationError) -> UserEntry {
        try await wrapped {
            let user = try await find(user: user)
            try await identity.revokeRole(of: user.id, in: try await find(project: project).id)
            return try await entry(user)
        }
    }

    /// The names that ``createUser(name:role:)`` and ``grant(role:to:in:)`` take.
    public static let roleNames = Role.allCases.map { "cbr_\($0.rawValue)" }

    private func parse(role text: String) throws -> Role {
        guard let role = Role.allCases.first(where: { text == "cbr_\($0.rawValue)" }) else {
            throw AdministrationError(
                "there is no role '\(text)'; the roles are \(Self.roleNames.joined(separator: ", "))")
        }
        return role
    }

    private func entry(_ user: UserRecord, password: String? = nil) async throws -> UserEntry {
        let grants = try await identity.grants(of: user.id)
        let names = try await identity.projects().reduce(into: [:]) { $0[$1.id] = $1.name }
        return UserEntry(
            id: user.id.text, name: user.name, domainID: user.domain.text, isEnabled: user.isEnabled,
            createdAt: user.createdAt.date,
            roles: grants.map {
                .init(
                    projectID: $0.project.text, projectName: names[$0.project] ?? "", role: "cbr_\($0.role.rawValue)")
            },
            password: password)
    }
}

extension Optional {
    fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await body(self)
    }
}
