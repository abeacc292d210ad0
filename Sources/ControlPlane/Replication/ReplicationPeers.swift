public import Catalog
public import HoldfastCore

/// A vault of another region, as that region tells it. What it says is shown and checked, and not trusted further.
public struct RemoteVault: Sendable, Equatable {
    public struct Member: Sendable, Equatable {
        public var id: String
        public var name: String
        public var type: String
        public var sizeGiB: Int64
        public var backupCount: Int64
        public var backupMiB: Int64
        public var protectStatus: String

        public init(
            id: String, name: String, type: String, sizeGiB: Int64, backupCount: Int64, backupMiB: Int64,
            protectStatus: String
        ) {
            self.id = id
            self.name = name
            self.type = type
            self.sizeGiB = sizeGiB
            self.backupCount = backupCount
            self.backupMiB = backupMiB
            self.protectStatus = protectStatus
        }
    }

    public var id: VaultID
    public var project: ProjectID
    public var name: String
    public var description: String?
    public var createdAt: String
    public var objectType: VaultObjectType
    public var protectType: VaultProtectType
    public var consistentLevel: ConsistentLevel
    public var state: VaultState
    public var sizeGiB: Int64
    public var allocatedGiB: Int64
    public var usedMiB: Int64
    public var members: [Member]

    public init(
        id: VaultID, project: ProjectID, name: String, description: String?, createdAt: String,
        objectType: VaultObjectType, protectType: VaultProtectType, consistentLevel: ConsistentLevel,
        state: VaultState, sizeGiB: Int64, allocatedGiB: Int64, usedMiB: Int64, members: [Member]
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.description = description
        self.createdAt = createdAt
        self.objectType = objectType
        self.protectType = protectType
        self.consistentLevel = consistentLevel
        self.state = state
        self.sizeGiB = sizeGiB
        self.allocatedGiB = allocatedGiB
        self.usedMiB = usedMiB
        self.members = members
    }
}

public struct RemoteVaultFilter: Sendable, Equatable {
    public var id: VaultID?
    public var objectType: VaultObjectType?
    public var protectType: VaultProtectType?
    public var cloudType: String?

    public init() {}
}

/// The other regions that an administrator has set up.
///
/// Every implementation guarantees: a project reaches only the remote project that it is paired with. Calls to a region
/// throw ``ControlError`` with `.regionUnreachable` when it does not answer as it should, within a bounded time.
public protocol ReplicationPeers: Sendable {
    var localRegion: String { get }
    /// Which regions a project may send to, by name.
    func regions(for project: ProjectID) -> [String]
    /// The project that it is paired with there; nil: none.
    func remoteProject(of project: ProjectID, in region: String) -> ProjectID?
    func vaults(
        in region: String, for project: ProjectID, _ filter: RemoteVaultFilter, limit: Int, offset: Int
    ) async throws -> Listing<RemoteVault>
    func vault(_ id: VaultID, in region: String, for project: ProjectID) async throws -> RemoteVault?
    func hasBackup(_ id: BackupID, in region: String, for project: ProjectID) async throws -> Bool
}

/// A server that knows no other.
public struct NoPeers: ReplicationPeers {
    public let localRegion: String

    public init(localRegion: String) { self.localRegion = localRegion }

    public func regions(for project: ProjectID) -> [String] { [] }
    public func remoteProject(of project: ProjectID, in region: String) -> ProjectID? { nil }
    public func vaults(
        in region: String, for project: ProjectID, _ filter: RemoteVaultFilter, limit: Int, offset: Int
    ) -> Listing<RemoteVault> { Listing(rows: [], count: 0) }
    public func vault(_ id: VaultID, in region: String, for project: ProjectID) -> RemoteVault? { nil }
    public func hasBackup(_ id: BackupID, in region: String, for project: ProjectID) -> Bool { false }
}
