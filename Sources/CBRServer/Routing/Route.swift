import HTTPTypes

/// One operation of the interface: how it is called, who may, and what does it.
struct Route: Sendable {
    /// Who may call.
    enum Access: Sendable {
        /// Anyone.
        case open
        /// Whoever authenticates.
        case known
        /// Whoever has a role in the project that the path names.
        case project
    }

    /// Which form errors have.
    enum ErrorStyle: Sendable { case cbr, identity }

    let operation: String
    let method: HTTPRequest.Method
    /// `/v3/{project_id}/vaults/{vault_id}`: parts in braces match any one part.
    let template: String
    let access: Access
    var style = ErrorStyle.cbr
    /// Makes something: a client that names its requests may repeat one, and nothing is made twice.
    var isCreate: Bool { Self.creates.contains(operation) }
    /// Reads, and answers by nothing but the catalog, the caller's project, user and role, and the path: what it answered holds until
    /// something is committed.
    var isKept: Bool { Self.kept.contains(operation) }
    /// What a body may be. Where it is more than ``Limits/bodyBytesMax``, the sender is known by a token, and may write in the
    /// project, before the body is read.
    var bodyBytesMax = Limits.bodyBytesMax
    let handle: @Sendable (ServiceRequest) async throws -> Answer

    private static let creates: Set<String> = [
        "CreateVault", "CreatePostPaidVault", "CreateCheckpoint", "CreatePolicy", "RestoreBackup", "CopyBackup",
        "CopyCheckpoint", "ImportBackup", "ImportCheckpoint", "RegisterResource", "AddMember",
        "CreateOrganizationPolicy",
    ]

    /// What clients ask for again and again. `KeptAnswerTests` holds that they look at no clock.
    static let kept: Set<String> = [
        "ListVault", "ShowVault", "ListBackups", "ShowBackup", "ShowCheckpoint", "ListOpLogs", "ShowOpLog",
        "ListPolicies",
        "ShowPolicy", "ShowVaultTag", "ShowVaultProjectTag",
    ]

    var parts: [Substring] { Array(template.split(separator: "/", omittingEmptySubsequences: false).dropFirst()) }
}
