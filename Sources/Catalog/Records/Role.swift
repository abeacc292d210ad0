/// What a user may do in a project. Each role may do what the ones after it may.
public enum Role: String, Sendable, Codable, CaseIterable {
    /// Everything.
    case admin
    /// Everything but deleting vaults and policies.
    case user
    /// Reads only.
    case viewer

    public var mayWrite: Bool { self != .viewer }
    public var mayDeleteVaults: Bool { self == .admin }
}
