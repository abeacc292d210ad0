import Catalog
import ControlPlane
import HoldfastCore
import Synchronization

/// A region that takes everything that fits its one vault, whoever's.
struct OtherRegion: ReplicationPeers {
    static let region = "south-1"
    static let project = ProjectID("fedcba9876543210fedcba9876543210")
    static let vault = VaultID("00000000-0000-4000-8000-00000000000f")

    let localRegion = ServerBench.region

    private static let vaults = [
        RemoteVault(
            id: vault, project: project, name: "far", description: "d", createdAt: "2026-01-01T00:00:00.000000",
            objectType: .disk, protectType: .replication, consistentLevel: .crashConsistent, state: .available,
            sizeGiB: 10, allocatedGiB: 1, usedMiB: 3,
            members: [
                .init(
                    id: "m", name: "n", type: "OS::Cinder::Volume", sizeGiB: 1, backupCount: 2, backupMiB: 3,
                    protectStatus: "available")
            ])
    ]

    func regions(for project: ProjectID) -> [String] { [Self.region] }

    func remoteProject(of project: ProjectID, in region: String) -> ProjectID? {
        region == Self.region ? Self.project : nil
    }

    func vaults(
        in region: String, for project: ProjectID, _ filter: RemoteVaultFilter, limit: Int, offset: Int
    ) async throws -> Listing<RemoteVault> {
        let found = Self.vaults.filter {
            (filter.objectType ?? $0.objectType) == $0.objectType
                && (filter.protectType ?? $0.protectType) == $0.protectType && (filter.id ?? $0.id) == $0.id
        }
        return Listing(rows: Array(found.dropFirst(offset).prefix(limit)), count: found.count)
    }

    func vault(_ id: VaultID, in region: String, for project: ProjectID) async throws -> RemoteVault? {
        Self.vaults.first { $0.id == id }
    }

    func hasBackup(_ id: BackupID, in region: String, for project: ProjectID) async throws -> Bool { true }
}

/// Takes whatever comes, and counts it.
final class CountingReceiver: ReplicaReceiver {
    private let bytes = Mutex(0)

    var taken: Int { bytes.withLock { $0 } }

    func begin(
        _ draft: ReplicaDraft, isImage: Bool, basis: RestorePointID?, isRepeated: Bool, by caller: Caller
    ) async throws -> ReplicaAnswer {
        ReplicaAnswer(session: .init(id: "s", namingKey: [UInt8](repeating: 1, count: 32), basisRoot: nil))
    }

    func missing(_ ids: [UInt8], session: String, by caller: Caller) async throws -> [UInt8] { [1] }

    func take(_ frames: [UInt8], session: String, by caller: Caller) async throws -> Int {
        bytes.withLock { $0 += frames.count }
        return 1
    }

    func give(_ id: [UInt8], session: String, by caller: Caller) async throws -> [UInt8] { [7] }

    func finish(_ end: ReplicaEnd, session: String, by caller: Caller) async throws -> ReplicaAnswer.Present {
        .init(backup: BackupID("b"), checkpoint: CheckpointID("c"), restorePoint: RestorePointID("p"))
    }

    func end(session: String, by caller: Caller) async {}
}
