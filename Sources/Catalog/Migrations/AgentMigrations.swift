/// The schema of agents and of what they are to back up.
enum AgentMigrations {
    static let all = [first]

    /// Agents make up their ids themselves: unique within their project only.
    static let first = Migration(
        "clients-35-agents",
        [
            """
            CREATE TABLE agents (
                project_id TEXT NOT NULL,
                id TEXT NOT NULL,
                host_name TEXT NOT NULL,
                host_address TEXT NOT NULL,
                host_system TEXT NOT NULL,
                nickname TEXT,
                kind TEXT,
                release_text TEXT,
                is_uninstalled BIGINT NOT NULL,
                reported_at BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                PRIMARY KEY (project_id, id)
            )
            """,
            "CREATE INDEX agents_by_creation ON agents (project_id, created_at, id)",
            "CREATE INDEX agents_by_host ON agents (project_id, host_name, reported_at)",
            """
            CREATE TABLE agent_paths (
                project_id TEXT NOT NULL,
                agent_id TEXT NOT NULL,
                id TEXT NOT NULL,
                place TEXT NOT NULL,
                excluded TEXT NOT NULL,
                position BIGINT NOT NULL,
                PRIMARY KEY (project_id, agent_id, place),
                FOREIGN KEY (project_id, agent_id) REFERENCES agents (project_id, id)
            )
            """,
        ])
}
