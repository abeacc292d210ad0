public import Foundation

/// What one server asks of another.
extension ServiceClient {
    private struct Vaults: Decodable, Sendable {
        let vaults: [ExternalVault]
        let count: Int
    }

    private struct OneVault: Decodable, Sendable { let vault: ExternalVault }
    private struct Present: Decodable, Sendable { let replica: PresentReplica }

    public func externalVaults(_ query: [(String, String)]) async throws -> (vaults: [ExternalVault], count: Int) {
        let answer = try await call(
            .get, ["vaults"], query: query, as: Vaults.self, attempted: "listing the vaults of another region")
        return (answer.value.vaults, answer.value.count)
    }

    public func externalVault(_ id: String) async throws -> ExternalVault {
        try await call(
            .get, ["vaults", id], as: OneVault.self, attempted: "reading vault '\(id)' of another region"
        ).value.vault
    }

    public func beginReplica(_ replica: NewReplica) async throws -> ReplicaBeginning {
        try await call(
            .post, ["replication", "sessions"], in: .holdfast, body: ["replica": replica], as: ReplicaBeginning.self,
            attempted: "beginning a replication"
        ).value
    }

    /// - Parameter ids: names of chunks, 32 bytes each.
    /// - Returns: a byte for each: 1 for those that are missing.
    public func missingChunks(_ ids: Data, session: String) async throws -> Data {
        try await call(
            .post, ["replication", "sessions", session, "missing"], in: .holdfast, body: ids,
            bodyType: "application/octet-stream", attempted: "asking which chunks are missing"
        ).body
    }

    public func sendChunks(_ frames: Data, session: String) async throws {
        _ = try await call(
            .post, ["replication", "sessions", session, "chunks"], in: .holdfast, body: frames,
            bodyType: "application/octet-stream", attempted: "sending chunks")
    }

    public func replicaChunk(_ id: String, session: String) async throws -> Data {
        try await call(
            .get, ["replication", "sessions", session, "chunks", id], in: .holdfast, attempted: "reading a chunk"
        ).body
    }

    public func finishReplica(_ end: ReplicaEnding, session: String) async throws -> PresentReplica {
        try await call(
            .post, ["replication", "sessions", session, "finish"], in: .holdfast, body: ["replica": end],
            as: Present.self, attempted: "ending a replication"
        ).value.replica
    }

    public func endReplicaSession(_ session: String) async throws {
        _ = try await call(
            .delete, ["replication", "sessions", session], in: .holdfast, attempted: "giving up a replication")
    }
}
