import Catalog
import ControlPlane
import HoldfastCore
import Synchronization

/// One other region, which takes what one project sends.
final class FarRegion: ReplicationPeers {
    static let region = "south-1"
    static let project = ProjectID("fedcba9876543210fedcba9876543210")
    static let vault = VaultID("far-vault")

    struct State {
        var isAway = false
        var vault = FarRegion.vault(objectType: .disk)
        var backups: Set<BackupID> = []
        var questions = 0
    }

    private let state = Mutex(State())
    let localRegion = "here-1"

    private let local: ProjectID

    init(of local: ProjectID = World.project) { self.local = local }

    /// How often it was asked, also while it was away.
    var questions: Int { state.withLock { $0.questions } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    static func vault(
        objectType: VaultObjectType, protectType: VaultProtectType = .replication, state: VaultState = .available
    ) -> RemoteVault {
        RemoteVault(
            id: vault, project: project, name: "far", description: nil, createdAt: "", objectType: objectType,
            protectType: protectType, consistentLevel: .crashConsistent, state: state, sizeGiB: 1, allocatedGiB: 0,
            usedMiB: 0, members: [])
    }

    func regions(for project: ProjectID) -> [String] { project == local ? [Self.region] : [] }

    func remoteProject(of project: ProjectID, in region: String) -> ProjectID? {
        project == local && region == Self.region ? Self.project : nil
    }

    func vaults(
        in region: String, for project: ProjectID, _ filter: RemoteVaultFilter, limit: Int, offset: Int
    ) async throws -> Listing<RemoteVault> {
        let vault = try answer { $0.vault }
        return Listing(rows: [vault], count: 1)
    }

    func vault(_ id: VaultID, in region: String, for project: ProjectID) async throws -> RemoteVault? {
        try answer { $0.vault.id == id ? $0.vault : nil }
    }

    func hasBackup(_ id: BackupID, in region: String, for project: ProjectID) async throws -> Bool {
        try answer { $0.backups.contains(id) }
    }

    private func answer<Value: Sendable>(_ body: (State) -> Value) throws -> Value {
        try state.withLock { state throws(ControlError) in
            state.questions += 1
            guard !state.isAway else { throw ControlError(code: .regionUnreachable, message: "it is away") }
            return body(state)
        }
    }
}
