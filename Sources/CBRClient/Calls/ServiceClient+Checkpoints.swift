extension ServiceClient {
    private struct One: Decodable, Sendable { let checkpoint: Checkpoint }

    /// Begins a restore point; the answer lists what is backed up and what is skipped, and comes before the work is done.
    public func createCheckpoint(
        ofVault id: String, _ parameters: CheckpointParameters = .init()
    ) async throws -> Reply<Checkpoint> {
        struct Request: Encodable {
            let vaultID: String
            let parameters: CheckpointParameters
        }
        return try await call(
            .post, ["checkpoints"], body: ["checkpoint": Request(vaultID: id, parameters: parameters)], as: One.self,
            attempted: "making a restore point of vault '\(id)'"
        ).map(\.checkpoint)
    }

    public func checkpoint(_ id: String) async throws -> Reply<Checkpoint> {
        try await call(.get, ["checkpoints", id], as: One.self, attempted: "reading restore point '\(id)'")
            .map(\.checkpoint)
    }
}
