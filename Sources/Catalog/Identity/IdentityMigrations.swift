/// The schema of who may call: domains, projects, users, and what they authenticate with.
///
/// Passwords and the secrets of application credentials are stored as slow hashes, tokens as SHA-256 of their random text,
/// secret keys sealed (they are needed in plain text to check a signature).
public enum IdentityMigrations {
    public static let all = [first, credentialTokens]

    static let first = Migration(
        "identity-001-first",
        [
            """
            CREATE TABLE domains (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                created_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE projects (
                id TEXT PRIMARY KEY,
                domain_id TEXT NOT NULL REFERENCES domains (id),
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                is_enabled BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                UNIQUE (domain_id, name)
            )
            """,
            """
            CREATE TABLE users (
                id TEXT PRIMARY KEY,
                domain_id TEXT NOT NULL REFERENCES domains (id),
                name TEXT NOT NULL,
                password_hash TEXT NOT NULL,
                is_enabled BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                UNIQUE (domain_id, name)
            )
            """,
            """
            CREATE TABLE role_grants (
                user_id TEXT NOT NULL REFERENCES users (id),
                project_id TEXT NOT NULL REFERENCES projects (id),
                role TEXT NOT NULL,
                PRIMARY KEY (user_id, project_id)
            )
            """,
            "CREATE INDEX role_grants_by_project ON role_grants (project_id)",
            """
            CREATE TABLE access_keys (
                access_key TEXT PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES users (id),
                sealed_secret TEXT NOT NULL,
                description TEXT NOT NULL,
                is_enabled BIGINT NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX access_keys_by_user ON access_keys (user_id)",
            """
            CREATE TABLE application_credentials (
                id TEXT PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES users (id),
                project_id TEXT NOT NULL REFERENCES projects (id),
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                secret_hash TEXT NOT NULL,
                expires_at BIGINT,
                created_at BIGINT NOT NULL,
                UNIQUE (user_id, name)
            )
            """,
            """
            CREATE TABLE tokens (
                hash TEXT PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES users (id),
                project_id TEXT REFERENCES projects (id),
                is_domain_scoped BIGINT NOT NULL,
                methods TEXT NOT NULL,
                audit_id TEXT NOT NULL,
                issued_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX tokens_by_user ON tokens (user_id)",
            "CREATE INDEX tokens_by_end ON tokens (expires_at)",
        ])

    /// Tokens know the application credential they were got with, so that they end with it.
    static let credentialTokens = Migration(
        "identity-002-credential-tokens",
        [
            "ALTER TABLE tokens ADD COLUMN credential_id TEXT REFERENCES application_credentials (id)",
            "CREATE INDEX tokens_by_credential ON tokens (credential_id)",
        ])
}
