public import Catalog
public import HoldfastCore

/// The rules: vaults, resources, restore points, backups, restores and the operations behind them.
///
/// Callers see their own project only: another's ids are not found, but for backups that it shares. Every call throws ``ControlError`` and nothing
/// else. What changes together is stored in one transaction; work that takes long is queued for the workers.
public struct ControlPlane: Sendable {
    public static let resourcesPerVaultMax = 256

    let database: any CatalogDatabase
    let inspector: any LocationInspector
    let seams: Seams
    /// Raised by every call that queues an operation.
    public let signal: OperationSignal
    let policyRules: PolicyRules
    public let peers: any ReplicationPeers
    /// Raised by every call after which vaults may use more or less than before.
    public let usageSignal = OperationSignal()

    public init(
        database: any CatalogDatabase, inspector: any LocationInspector, seams: Seams,
        signal: OperationSignal = OperationSignal(), policyRules: PolicyRules = .documented,
        peers: any ReplicationPeers = NoPeers(localRegion: "local-1")
    ) {
        self.database = database
        self.inspector = inspector
        self.seams = seams
        self.signal = signal
        self.policyRules = policyRules
        self.peers = peers
    }

    var now: Instant { Instant(seams.now()) }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        do { return try await database.read(body) } catch { throw ControlError.wrapping(error) }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        do { return try await database.write(body) } catch { throw ControlError.wrapping(error) }
    }

    /// As ``write(_:)``, and wakes the workers once it is stored.
    func queue<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        let value = try await write(body)
        signal.raise()
        return value
    }

    func inspect(location: String, type: ResourceType, role: LocationRole) async throws -> LocationFinding {
        do {
            return try await inspector.inspect(location: location, type: type, role: role)
        } catch {
            throw ControlError.wrapping(error)
        }
    }
}

extension SQLTransaction {
    func vault(_ id: VaultID, in project: ProjectID) throws -> VaultRecord {
        guard let vault = try vaults.find(id, in: project) else { throw ControlError.vaultNotFound(id) }
        return vault
    }

    func resource(_ id: ResourceID, in project: ProjectID) throws -> ResourceRecord {
        guard let resource = try resources.find(id, in: project) else { throw ControlError.resourceNotFound(id) }
        return resource
    }

    /// A project's own backup: what may be changed, sent, shared and deleted.
    func backup(_ id: BackupID, in project: ProjectID) throws -> BackupView {
        if let backup = try backups.find(id, in: project) { return backup }
        guard try backups.findShared(id, with: project) == nil else { throw ControlError.backupNotOwn(id) }
        throw ControlError.backupNotFound(id)
    }
}

extension OperationRecord {
    /// A new operation, queued.
    static func queued(
        _ kind: OperationKind, by caller: Caller, vault: VaultRecord?, checkpoint: CheckpointID? = nil,
        backup: BackupID? = nil, resource: ResourceID? = nil, subject: OperationSubject, seams: Seams, now: Instant
    ) -> OperationRecord {
        OperationRecord(
            id: .randomDashed(seams.randomBytes), project: caller.project, kind: kind, state: .queued, vault: vault?.id,
            vaultName: vault?.name, checkpoint: checkpoint, backup: backup, resource: resource, subject: subject,
            requestID: caller.requestID, progressPercent: 0, details: OperationDetails(), attempt: 0, fence: 0,
            createdAt: now, updatedAt: now, startedAt: nil, endedAt: nil)
    }
}
