public import Catalog
import HoldfastCore

/// Why a backup stays that a policy's rules do not keep, or would not be asked about.
public enum RetentionBar: Sendable, Equatable {
    /// A backup policy of the vault is off, and keeps all there is.
    case policyOff(name: String)
    /// Another policy of the vault keeps it, for this reason.
    case otherPolicy(name: String, RetentionDecision.Keeper)
    case held(reason: String)
    /// Nil: for ever.
    case locked(until: Instant?)
    /// Its vault is locked: there backups go by their own time alone.
    case vaultLocked
    /// It has a time of its own, and goes by that alone.
    case ownTime(Instant)
    /// The log of a failed backup stays for some days.
    case recentFailure(days: Int)
    /// It is being restored or sent, or waits for that.
    case inUse
    case vaultNotAvailable

    /// Whether it also keeps what has a time of its own that is over.
    var isStrong: Bool {
        switch self {
        case .held, .locked, .inUse, .vaultNotAvailable: true
        case .policyOff, .otherPolicy, .vaultLocked, .ownTime, .recentFailure: false
        }
    }
}

/// What becomes of an automatic backup at a moment.
public struct RetentionFate: Sendable, Equatable {
    public let backup: BackupRecord
    /// Of the policy that was asked about; nil: of none.
    public let decision: RetentionDecision?
    /// Empty: nothing but rules keeps it.
    public let bars: [RetentionBar]
    /// Whether it is removed by rules.
    public let goesByRules: Bool
    /// Whether it is removed because its own time is over.
    public let goesByTime: Bool
}

/// What is counted together.
private struct ReplicaKind: Hashable {
    let region: String
    let resource: ResourceID
    let policy: PolicyID
}

extension SQLTransaction {
    /// What becomes of each automatic backup of a vault, whole or failed, resource by resource. The preview and the removal ask
    /// the same.
    ///
    /// - Parameters:
    ///   - policies: all backup policies that hold for the vault, also those that are off.
    ///   - asked: whose decision is to be told apart from the others'.
    func fates(
        in vault: VaultRecord, by policies: [PolicyRecord], asked: PolicyID? = nil, now: Instant
    ) throws -> [RetentionFate] {
        let rules = try policies.map { ($0, try RetentionRules($0.definition)) }
        let inUse = try readByOthers(of: vault.project)
        let renewals = vault.settings.isLocked ? try renewals(in: vault, now: now) : [:]
        var found: [RetentionFate] = []
        for backups in try judgedBackups(in: vault) {
            let candidates = backups.map { RetentionCandidate($0) }
            let decisions = rules.map { ($0, $1.decide(candidates, now: now)) }
            for (index, backup) in backups.enumerated() {
                var bars = bars(of: backup, in: vault, now: now)
                for (policy, all) in decisions {
                    if !policy.isEnabled {
                        bars.append(.policyOff(name: policy.name))
                    } else if policy.id != asked {
                        bars += all[index].keepers.prefix(1).map { .otherPolicy(name: policy.name, $0) }
                    }
                }
                let own = decisions.first { $0.0.id == asked }?.1[index]
                let isOver = backup.expiresAt.map { $0 <= now } ?? false
                var goesByRules = own?.isKept != true && bars.isEmpty
                var goesByTime = isOver && !bars.contains(where: \.isStrong)
                if goesByTime, let later = renewals[backup.id] {
                    bars.append(.locked(until: later.orNever))
                    (goesByRules, goesByTime) = (false, false)
                }
                // Looked up one by one, so only where it decides.
                if goesByRules || goesByTime,
                    try inUse.contains(backup.id)
                        || ![.available, .error].contains(self.backup(backup.id, in: vault.project).status)
                {
                    bars.append(.inUse)
                    (goesByRules, goesByTime) = (false, false)
                }
                found.append(
                    RetentionFate(
                        backup: backup, decision: own, bars: bars, goesByRules: goesByRules, goesByTime: goesByTime))
            }
        }
        return found
    }

    /// Automatic backups of a vault, whole or failed, resource by resource.
    func judgedBackups(in vault: VaultRecord) throws -> [[BackupRecord]] {
        let backups = try backups.ofVault(vault.id).filter {
            $0.isAutomatic && ($0.state == .available || $0.state == .error)
        }
        return Dictionary(grouping: backups, by: \.resource).sorted { $0.key < $1.key }.map(\.value)
    }

    /// What becomes of a vault's replicas that came with rules: by the rules of the newest that came of the same region, resource
    /// and policy, and by the moments at which they came, which this server stamped. What a sender claims of their age counts
    /// for nothing. One whose rules can't be read here keeps all of its kind.
    ///
    /// - Parameter unreadable: told why.
    func replicaFates(
        in vault: VaultRecord, now: Instant, unreadable: (String) -> Void
    ) throws -> [RetentionFate] {
        let rules = try replicaRules.list(in: vault.id)
        guard !rules.isEmpty else { return [] }
        let replicas = try backups.ofVault(vault.id).filter {
            $0.origin != nil && $0.importedAt != nil && ($0.state == .available || $0.state == .error)
        }
        let kinds = Dictionary(grouping: replicas) { replica in
            rules[replica.id].map {
                ReplicaKind(region: replica.origin?.region ?? "", resource: replica.resource, policy: $0.policy)
            }
        }
        let inUse = try readByOthers(of: vault.project)
        var found: [RetentionFate] = []
        for (kind, replicas) in kinds {
            guard kind != nil,
                let newest = replicas.max(by: { ($0.importedAt ?? now, $0.id) < ($1.importedAt ?? now, $1.id) }),
                let definition = rules[newest.id]?.definition
            else { continue }
            let keeps: RetentionRules
            do throws(ControlError) { keeps = try RetentionRules(definition) } catch {
                unreadable(error.message)
                continue
            }
            let decisions = keeps.decide(
                replicas.map {
                    RetentionCandidate(id: $0.id, stampedAt: $0.importedAt, isWhole: $0.state == .available)
                }, now: now)
            for (replica, decision) in zip(replicas, decisions) {
                var bars = bars(of: replica, in: vault, now: now)
                if !decision.isKept, bars.isEmpty,
                    try inUse.contains(replica.id)
                        || ![.available, .error].contains(backup(replica.id, in: vault.project).status)
                {
                    bars.append(.inUse)
                }
                found.append(
                    RetentionFate(
                        backup: replica, decision: decision, bars: bars,
                        goesByRules: !decision.isKept && bars.isEmpty, goesByTime: false))
            }
        }
        return found
    }

    private func bars(of backup: BackupRecord, in vault: VaultRecord, now: Instant) -> [RetentionBar] {
        var bars: [RetentionBar] = []
        if vault.state != .available { bars.append(.vaultNotAvailable) }
        switch RemovalBar(backup, in: vault, now: now) {
        case .held(let reason): bars.append(.held(reason: reason))
        case .locked(let until): bars.append(.locked(until: until))
        case nil: break
        }
        if let time = backup.expiresAt {
            bars.append(.ownTime(time))
        } else if vault.settings.isLocked, bars.isEmpty {
            bars.append(.vaultLocked)
        }
        if backup.state == .error, !backup.isOldFailure(now) {
            bars.append(.recentFailure(days: ControlPlane.failedDays))
        }
        return bars
    }
}

extension RetentionCandidate {
    /// What came from elsewhere has no age that anybody here vouches for.
    init(_ backup: BackupRecord) {
        self.init(
            id: backup.id, stampedAt: backup.importedAt == nil ? backup.createdAt : nil,
            isWhole: backup.state == .available)
    }
}

extension BackupRecord {
    /// A failed backup whose log nobody needs any more. Of a replica, this server knows only when it came.
    fileprivate func isOldFailure(_ now: Instant) -> Bool {
        state == .error && (importedAt ?? createdAt).adding(.seconds(ControlPlane.failedDays * 86_400)) < now
    }
}
