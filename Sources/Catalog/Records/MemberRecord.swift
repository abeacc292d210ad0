public import HoldfastCore

public enum MemberSubject {}
/// One sharing of one backup. Paths and bodies of the interface name the project instead.
public typealias MemberID = Identifier<MemberSubject>

/// One project that a backup is shared with.
public struct MemberRecord: Sendable, Equatable {
    public let id: MemberID
    public let backup: BackupID
    /// Whose the backup is.
    public let owner: ProjectID
    /// With whom it is shared.
    public let project: ProjectID
    public var state: MemberState
    /// Grows with every change: a change made from an old reading is refused.
    public var version: Int64
    public let createdAt: Instant
    public var updatedAt: Instant

    public init(
        id: MemberID, backup: BackupID, owner: ProjectID, project: ProjectID, state: MemberState, version: Int64,
        createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.backup = backup
        self.owner = owner
        self.project = project
        self.state = state
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// What can be asked of members without their data.
public enum MemberStatus: String, Sendable, CaseIterable {
    case pending, accepted, rejected
}

/// How a project answered to a backup that is shared with it.
public enum MemberState: Sendable, Equatable {
    /// It has not answered.
    case pending
    /// It may restore the backup. The vault is one of its own; nothing is stored there.
    case accepted(into: VaultID)
    case rejected

    public enum Event: Sendable, Equatable {
        // Of the member. It may change its mind.
        case accept(into: VaultID)
        case reject
        case postpone
        /// Its vault is being deleted.
        case loseVault(VaultID)
    }

    public enum Action: Sendable, Equatable {
        case store
        /// All is so already.
        case nothing
    }

    /// The event has no meaning in this state.
    public struct Refused: Error, Equatable {
        public let state: MemberState
        public let event: Event
    }

    public var status: MemberStatus {
        switch self {
        case .pending: .pending
        case .accepted: .accepted
        case .rejected: .rejected
        }
    }

    /// Where it is accepted.
    public var vault: VaultID? {
        if case .accepted(let vault) = self { vault } else { nil }
    }

    /// - Throws: ``Refused``; the state is then unchanged.
    public mutating func apply(_ event: Event) throws(Refused) -> Action {
        let next: MemberState
        switch (self, event) {
        case (_, .accept(let vault)): next = .accepted(into: vault)
        case (_, .reject): next = .rejected
        case (_, .postpone): next = .pending
        // What was accepted into another vault, or not at all, has nothing to lose.
        case (.accepted(let own), .loseVault(let vault)) where own == vault: next = .pending
        case (_, .loseVault): throw Refused(state: self, event: event)
        }
        guard next != self else { return .nothing }
        self = next
        return .store
    }
}
