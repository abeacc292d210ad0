/// One project that a backup is shared with, as far as a client shows it.
public struct Member: Decodable, Sendable, Equatable {
    public let id: String
    public let backupID: String?
    /// The project that the backup is shared with.
    public let destProjectID: String
    public let status: String
    /// Where that project accepted it.
    public let vaultID: String?
    public let createdAt: String?
}
