/// Something about a vault that somebody should know; our own.
public struct VaultEventShape: Encodable, Sendable {
    public let id: String
    /// `threshold_reached`, `expanded` or `runs_missed`.
    public let kind: String
    /// One sentence.
    public let message: String
    public let vaultId: String
    public let vaultName: String
    public let createdAt: String

    public init(id: String, kind: String, message: String, vaultId: String, vaultName: String, createdAt: String) {
        self.id = id
        self.kind = kind
        self.message = message
        self.vaultId = vaultId
        self.vaultName = vaultName
        self.createdAt = createdAt
    }
}

public struct VaultEventListBody: Encodable, Sendable {
    public let events: [VaultEventShape]
    public let count: Int

    public init(_ events: [VaultEventShape], count: Int) {
        self.events = events
        self.count = count
    }
}
