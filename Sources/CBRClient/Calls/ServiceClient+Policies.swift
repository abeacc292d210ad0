import Foundation

extension ServiceClient {
    private struct One: Decodable, Sendable { let policy: Policy }
    private struct Many: Decodable, Sendable { let policies: [Policy] }
    private struct Binding: Encodable {
        let policyID: String
        var destinationVaultID: String?
    }

    public func createPolicy(_ policy: NewPolicy) async throws -> Reply<Policy> {
        try await call(
            .post, ["policies"], body: ["policy": policy], as: One.self, attempted: "creating policy '\(policy.name)'"
        ).map(\.policy)
    }

    /// All policies of the project.
    public func policies() async throws -> Reply<[Policy]> {
        try await call(.get, ["policies"], as: Many.self, attempted: "listing policies").map(\.policies)
    }

    public func policy(_ id: String) async throws -> Reply<Policy> {
        try await call(.get, ["policies", id], as: One.self, attempted: "reading policy '\(id)'").map(\.policy)
    }

    public func deletePolicy(_ id: String) async throws {
        _ = try await call(.delete, ["policies", id], attempted: "deleting policy '\(id)'")
    }

    public func updatePolicy(_ id: String, _ changes: PolicyChanges) async throws -> Reply<Policy> {
        try await call(
            .put, ["policies", id], body: ["policy": changes], as: One.self, attempted: "changing policy '\(id)'"
        ).map(\.policy)
    }

    /// Lets a policy hold for a vault, or ends that.
    ///
    /// - Parameter destination: of a replication policy: the other region's vault.
    public func associate(
        _ policy: String, withVault vault: String, _ holds: Bool, destination: String? = nil
    ) async throws {
        _ = try await call(
            .post, ["vaults", vault, holds ? "associatepolicy" : "dissociatepolicy"],
            body: try WireKeys.encoder.encode(Binding(policyID: policy, destinationVaultID: destination)),
            attempted: "\(holds ? "binding" : "unbinding") policy '\(policy)'")
    }

    /// - Parameter keeps: other rules than those the policy has; nil: its own.
    public func previewPolicy(_ id: String, keeping keeps: PolicyRetention? = nil) async throws -> Reply<PolicyPreview>
    {
        struct Answer: Decodable, Sendable { let preview: PolicyPreview }
        return try await call(
            keeps == nil ? .get : .post, ["policies", id, "preview"], in: .holdfast,
            body: keeps.map { ["policy": ["operation_definition": $0]] }, as: Answer.self,
            attempted: "previewing policy '\(id)'"
        ).map(\.preview)
    }
}
