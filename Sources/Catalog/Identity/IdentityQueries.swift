public import HoldfastCore

extension SQLTransaction {
    // MARK: Domains

    public func insert(_ domain: DomainRecord) throws {
        try execute(
            "INSERT INTO domains (id, name, created_at) VALUES (?, ?, ?)",
            [SQLValue(domain.id), .text(domain.name), SQLValue(domain.createdAt)])
    }

    public func domains() throws -> [DomainRecord] {
        try query("SELECT * FROM domains ORDER BY created_at, id", []).map(DomainRecord.init)
    }

    /// A user with its domain, in one query: every request asks.
    public func userAndDomain(_ id: UserID) throws -> (UserRecord, DomainRecord)? {
        try query(
            """
            SELECT u.*, d.name AS domain_name, d.created_at AS domain_created_at
            FROM users u JOIN domains d ON d.id = u.domain_id WHERE u.id = ?
            """, [SQLValue(id)]
        ).first.map { row in
            let user = try UserRecord(row)
            return (
                user,
                DomainRecord(
                    id: user.domain, name: try row.text("domain_name"), createdAt: try row.instant("domain_created_at"))
            )
        }
    }

    // MARK: Projects

    public func insert(_ project: ProjectRecord) throws {
        try execute(
            """
            INSERT INTO projects (id, domain_id, name, description, is_enabled, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(project.id), SQLValue(project.domain), .text(project.name), .text(project.description),
                SQLValue(project.isEnabled), SQLValue(project.createdAt),
            ])
    }

    public func projects() throws -> [ProjectRecord] {
        try query("SELECT * FROM projects ORDER BY created_at, id", []).map(ProjectRecord.init)
    }

    public func project(_ id: ProjectID) throws -> ProjectRecord? {
        try query("SELECT * FROM projects WHERE id = ?", [SQLValue(id)]).first.map(ProjectRecord.init)
    }

    /// A project with the role that a user has there, in one query: every request asks.
    public func projectAndRole(_ id: ProjectID, of user: UserID) throws -> (ProjectRecord, Role)? {
        try query(
            """
            SELECT p.*, g.role AS granted_role FROM projects p JOIN role_grants g ON g.project_id = p.id
            WHERE p.id = ? AND g.user_id = ?
            """, [SQLValue(id), SQLValue(user)]
        ).first.map { (try ProjectRecord($0), try $0.choice("granted_role")) }
    }

    /// Enabled projects in which a user has a role.
    public func projects(of user: UserID) throws -> [ProjectRecord] {
        try query(
            """
            SELECT projects.* FROM projects JOIN role_grants ON role_grants.project_id = projects.id
            WHERE role_grants.user_id = ? AND projects.is_enabled = 1 ORDER BY projects.created_at, projects.id
            """, [SQLValue(user)]
        ).map(ProjectRecord.init)
    }

    /// - Returns: false when there is no such project.
    public func setEnabled(_ isEnabled: Bool, project: ProjectID) throws -> Bool {
        try execute("UPDATE projects SET is_enabled = ? WHERE id = ?", [SQLValue(isEnabled), SQLValue(project)]) > 0
    }

    // MARK: Users

    public func insert(_ user: UserRecord) throws {
        try execute(
            """
            INSERT INTO users (id, domain_id, name, password_hash, is_enabled, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                SQLValue(user.id), SQLValue(user.domain), .text(user.name), .text(user.passwordHash),
                SQLValue(user.isEnabled), SQLValue(user.createdAt),
            ])
    }

    public func users() throws -> [UserRecord] {
        try query("SELECT * FROM users ORDER BY created_at, id", []).map(UserRecord.init)
    }

    public func user(_ id: UserID) throws -> UserRecord? {
        try query("SELECT * FROM users WHERE id = ?", [SQLValue(id)]).first.map(UserRecord.init)
    }

    public func user(named name: String, in domain: DomainID) throws -> UserRecord? {
        try query("SELECT * FROM users WHERE domain_id = ? AND name = ?", [SQLValue(domain), .text(name)])
            .first.map(UserRecord.init)
    }

    /// - Returns: false when there is no such user.
    public func setEnabled(_ isEnabled: Bool, user: UserID) throws -> Bool {
        try execute("UPDATE users SET is_enabled = ? WHERE id = ?", [SQLValue(isEnabled), SQLValue(user)]) > 0
    }

    /// - Returns: false when there is no such user.
    public func setPasswordHash(_ hash: String, user: UserID) throws -> Bool {
        try execute("UPDATE users SET password_hash = ? WHERE id = ?", [.text(hash), SQLValue(user)]) > 0
    }

    /// Deletes a user with all that it authenticates with.
    ///
    /// - Returns: false when there is no such user.
    public func deleteUser(_ user: UserID) throws -> Bool {
        for table in ["tokens", "application_credentials", "access_keys", "role_grants"] {
            try execute("DELETE FROM \(table) WHERE user_id = ?", [SQLValue(user)])
        }
        return try execute("DELETE FROM users WHERE id = ?", [SQLValue(user)]) > 0
    }

    // MARK: Roles

    /// Gives a user a role in a project, in place of the one it may have there.
    public func grant(_ grant: RoleGrant) throws {
        try execute(
            """
            INSERT INTO role_grants (user_id, project_id, role) VALUES (?, ?, ?)
            ON CONFLICT (user_id, project_id) DO UPDATE SET role = excluded.role
            """, [SQLValue(grant.user), SQLValue(grant.project), .text(grant.role.rawValue)])
    }

    public func revoke(user: UserID, project: ProjectID) throws -> Bool {
        try execute(
            "DELETE FROM role_grants WHERE user_id = ? AND project_id = ?", [SQLValue(user), SQLValue(project)]) > 0
    }

    public func role(of user: UserID, in project: ProjectID) throws -> Role? {
        try query(
            "SELECT role FROM role_grants WHERE user_id = ? AND project_id = ?", [SQLValue(user), SQLValue(project)]
        ).first.map { try $0.choice("role") }
    }

    public func grants(of user: UserID) throws -> [RoleGrant] {
        try query("SELECT * FROM role_grants WHERE user_id = ? ORDER BY project_id", [SQLValue(user)]).map { row in
            RoleGrant(user: try row.id("user_id"), project: try row.id("project_id"), role: try row.choice("role"))
        }
    }
}

extension DomainRecord {
    init(_ row: SQLRow) throws {
        self.init(id: try row.id("id"), name: try row.text("name"), createdAt: try row.instant("created_at"))
    }
}

extension ProjectRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), domain: try row.id("domain_id"), name: try row.text("name"),
            description: try row.text("description"), isEnabled: try row.bool("is_enabled"),
            createdAt: try row.instant("created_at"))
    }
}

extension UserRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.id("id"), domain: try row.id("domain_id"), name: try row.text("name"),
            passwordHash: try row.text("password_hash"), isEnabled: try row.bool("is_enabled"),
            createdAt: try row.instant("created_at"))
    }
}
