public import HoldfastCore

extension SQLTransaction {
    // MARK: Access keys

    public func insert(_ key: AccessKeyRecord) throws {
        try execute(
            """
            INSERT INTO access_keys (access_key, user_id, sealed_secret, description, is_enabled, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                .text(key.accessKey), SQLValue(key.user), .text(key.sealedSecret), .text(key.description),
                SQLValue(key.isEnabled), SQLValue(key.createdAt),
            ])
    }

    public func accessKey(_ accessKey: String) throws -> AccessKeyRecord? {
        try query("SELECT * FROM access_keys WHERE access_key = ?", [.text(accessKey)]).first.map(AccessKeyRecord.init)
    }

    public func accessKeys() throws -> [AccessKeyRecord] {
        try query("SELECT * FROM access_keys ORDER BY created_at, access_key", []).map(AccessKeyRecord.init)
    }

    /// - Returns: false when there is no such key.
    public func setEnabled(_ isEnabled: Bool, accessKey: String) throws -> Bool {
        try execute(
            "UPDATE access_keys SET is_enabled = ? WHERE access_key = ?", [SQLValue(isEnabled), .text(accessKey)]) > 0
    }

    /// - Returns: false when there is no such key.
    public func deleteAccessKey(_ accessKey: String) throws -> Bool {
        try execute("DELETE FROM access_keys WHERE access_key = ?", [.text(accessKey)]) > 0
    }

    // MARK: Application credentials

    public func insert(_ credential: ApplicationCredentialRecord) throws {
        try execute(
            """
            INSERT INTO application_credentials
            (id, user_id, project_id, name, description, secret_hash, expires_at, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(credential.id), SQLValue(credential.user), SQLValue(credential.project), .text(credential.name),
                .text(credential.description), .text(credential.secretHash), SQLValue(credential.expiresAt),
                SQLValue(credential.createdAt),
            ])
    }

    public func applicationCredential(_ id: String) throws -> ApplicationCredentialRecord? {
        try query("SELECT * FROM application_credentials WHERE id = ?", [.text(id)])
            .first.map(ApplicationCredentialRecord.init)
    }

    public func applicationCredentials(of user: UserID) throws -> [ApplicationCredentialRecord] {
        try query(
            "SELECT * FROM application_credentials WHERE user_id = ? ORDER BY created_at, id", [SQLValue(user)]
        ).map(ApplicationCredentialRecord.init)
    }

    /// Deletes a credential and the tokens that were got with it.
    ///
    /// - Returns: false when the user has no such credential.
    public func deleteApplicationCredential(_ id: String, of user: UserID) throws -> Bool {
        try execute("DELETE FROM tokens WHERE credential_id = ? AND user_id = ?", [.text(id), SQLValue(user)])
        return try execute(
            "DELETE FROM application_credentials WHERE id = ? AND user_id = ?", [.text(id), SQLValue(user)]) > 0
    }

    // MARK: Tokens

    public func insert(_ token: TokenRecord) throws {
        try execute(
            """
            INSERT INTO tokens
            (hash, user_id, project_id, is_domain_scoped, credential_id, methods, audit_id, issued_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(token.hash), SQLValue(token.user), SQLValue(token.project), SQLValue(token.isDomainScoped),
                token.credential.map { .text($0) } ?? .null,
                .text(token.methods.joined(separator: " ")), .text(token.auditID), SQLValue(token.issuedAt),
                SQLValue(token.expiresAt),
            ])
    }

    public func token(hash: String) throws -> TokenRecord? {
        try query("SELECT * FROM tokens WHERE hash = ?", [.text(hash)]).first.map(TokenRecord.init)
    }

    /// - Returns: false when there is no such token.
    public func deleteToken(hash: String) throws -> Bool {
        try execute("DELETE FROM tokens WHERE hash = ?", [.text(hash)]) > 0
    }

    public func deleteTokens(of user: UserID) throws {
        try execute("DELETE FROM tokens WHERE user_id = ?", [SQLValue(user)])
    }

    public func deleteTokens(endedBefore instant: Instant) throws {
        try execute("DELETE FROM tokens WHERE expires_at < ?", [SQLValue(instant)])
    }
}

extension AccessKeyRecord {
    init(_ row: SQLRow) throws {
        self.init(
            accessKey: try row.text("access_key"), user: try row.id("user_id"),
            sealedSecret: try row.text("sealed_secret"), description: try row.text("description"),
            isEnabled: try row.bool("is_enabled"), createdAt: try row.instant("created_at"))
    }
}

extension ApplicationCredentialRecord {
    init(_ row: SQLRow) throws {
        self.init(
            id: try row.text("id"), user: try row.id("user_id"), project: try row.id("project_id"),
            name: try row.text("name"), description: try row.text("description"),
            secretHash: try row.text("secret_hash"), expiresAt: try row.optionalInstant("expires_at"),
            createdAt: try row.instant("created_at"))
    }
}

extension TokenRecord {
    init(_ row: SQLRow) throws {
        self.init(
            hash: try row.text("hash"), user: try row.id("user_id"), project: try row.optionalID("project_id"),
            isDomainScoped: try row.bool("is_domain_scoped"), credential: try row.optionalText("credential_id"),
            methods: try row.text("methods").split(separator: " ").map(String.init), auditID: try row.text("audit_id"),
            issuedAt: try row.instant("issued_at"), expiresAt: try row.instant("expires_at"))
    }
}
