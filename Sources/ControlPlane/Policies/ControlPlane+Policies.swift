public import Catalog
public import HoldfastCore

public struct PolicyDraft: Sendable {
    public var name: String
    public var kind: PolicyKind
    public var isEnabled: Bool
    public var definition: PolicyDefinition
    public var pattern: [String]
    public var windowMinutes: Int?
    public var timeZone: String?

    public init(
        name: String, kind: PolicyKind, isEnabled: Bool = true, definition: PolicyDefinition, pattern: [String],
        windowMinutes: Int? = nil, timeZone: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.isEnabled = isEnabled
        self.definition = definition
        self.pattern = pattern
        self.windowMinutes = windowMinutes
        self.timeZone = timeZone
    }
}

/// What to change of a policy; nil leaves a part as it is.
public struct PolicyChange: Sendable {
    public var name: String?
    public var isEnabled: Bool?
    public var definition: PolicyDefinition?
    public var pattern: [String]?
    /// Nil inside: no window any more.
    public var windowMinutes: Int??
    public var timeZone: String??

    public init() {}
}

/// A policy, and where it holds.
public struct PolicyView: Sendable, Equatable {
    public let record: PolicyRecord
    public let bindings: [PolicyBinding]
}

extension ControlPlane {
    public func createPolicy(_ draft: PolicyDraft, by caller: Caller) async throws -> PolicyView {
        try caller.mustWrite()
        let now = now
        let timing = PolicyTiming(
            id: Identifier<Subjects.Policy>.randomDashed(seams.randomBytes).text, pattern: draft.pattern,
            startedAt: now,
            windowMinutes: draft.windowMinutes, timeZone: draft.timeZone)
        let record = PolicyRecord(
            id: .randomDashed(seams.randomBytes), project: caller.project, name: draft.name, kind: draft.kind,
            isEnabled: draft.isEnabled, definition: draft.definition, timing: timing, origin: .custom, version: 1,
            createdAt: now, updatedAt: now)
        try policyRules.check(record, changedFrom: nil)
        return try await write { transaction in
            let count = try transaction.policies.count(record.kind, in: record.project)
            guard count < PolicyRules.policiesMax else {
                throw ControlError(
                    code: .policyLimit,
                    message: "a project has at most \(PolicyRules.policiesMax) \(record.kind.rawValue) policies")
            }
            try transaction.policies.insert(record)
            try transaction.plan(record)
            return PolicyView(record: record, bindings: [])
        }
    }

    /// In the order in which they were made.
    ///
    /// - Parameter vault: only those that hold for it; one that is not there has none.
    public func listPolicies(of vault: VaultID? = nil, by caller: Caller) async throws -> [PolicyView] {
        try await read { transaction in
            let bindings = Dictionary(
                grouping: try transaction.policies.bindings(in: caller.project), by: \.policy)
            return try transaction.policies.list(in: caller.project, of: vault).map {
                PolicyView(record: $0, bindings: bindings[$0.id] ?? [])
            }
        }
    }

    public func showPolicy(_ id: PolicyID, by caller: Caller) async throws -> PolicyView {
        try await read { transaction in try transaction.view(transaction.policy(id, in: caller.project)) }
    }

    public func updatePolicy(_ id: PolicyID, _ change: PolicyChange, by caller: Caller) async throws -> PolicyView {
        try caller.mustWrite()
        let (now, rules) = (now, policyRules)
        return try await write { transaction in
            let before = try transaction.policy(id, in: caller.project)
            try before.mustBeOwn()
            var policy = before
            if let name = change.name { policy.name = name }
            if let isEnabled = change.isEnabled { policy.isEnabled = isEnabled }
            if let definition = change.definition { policy.definition = definition }
            if let pattern = change.pattern { policy.timing.pattern = pattern }
            if let minutes = change.windowMinutes { policy.timing.windowMinutes = minutes }
            if let zone = change.timeZone { policy.timing.timeZone = zone }
            try rules.check(policy, changedFrom: before)
            if let region = change.definition, policy.kind == .replication {
                try transaction.mustKeepRegion(of: policy, region, before: before)
            }
            policy.version += 1
            policy.updatedAt = now
            try transaction.store(policy, changedFrom: before)
            return try transaction.view(policy)
        }
    }

    /// Removes a policy from all vaults that it holds for. What it made stays, and nothing removes it by this policy any more.
    public func deletePolicy(_ id: PolicyID, by caller: Caller) async throws {
        try caller.mustWrite()
        try await write { transaction in
            let policy = try transaction.policy(id, in: caller.project)
            if policy.origin != .removed { try policy.mustBeOwn() }
            try transaction.policies.delete(id, in: caller.project)
        }
    }

    /// Lets policies hold for a vault, all or none. One that holds for it already is no error.
    ///
    /// - Parameter destination: which vault takes replicas; for those of the policies that replicate, and required of them. The
    ///   other region is asked for it, and has to answer.
    public func associate(
        _ ids: [PolicyID], with vaultID: VaultID, destination: VaultID?, by caller: Caller
    ) async throws -> [PolicyBinding] {
        try caller.mustWrite()
        try await destinationsMustTake(ids, of: vaultID, destination: destination, by: caller)
        let (now, rules) = (now, policyRules)
        return try await write { transaction in
            let vault = try transaction.vault(vaultID, in: caller.project)
            guard vault.state == .available else { throw ControlError.vaultState(vault, needed: "a policy") }
            let policies = try ids.map { try transaction.policy($0, in: caller.project) }
            guard destination == nil || policies.contains(where: { $0.kind == .replication }) else {
                throw ControlError.invalid("destination_vault_id", "is for replication policies")
            }
            return try policies.map { policy in
                try transaction.bind(
                    policy, to: vault, destination: policy.kind == .replication ? destination : nil, rules, now: now)
            }
        }
    }

    /// Asks the other regions, as a replication by hand does: a policy that can never send is refused when it is bound.
    private func destinationsMustTake(
        _ ids: [PolicyID], of vaultID: VaultID, destination: VaultID?, by caller: Caller
    ) async throws {
        guard let destination else { return }
        let (vault, new) = try await read { transaction in
            let vault = try transaction.vault(vaultID, in: caller.project)
            let present = try transaction.policies.bindings(in: caller.project, vault: vaultID)
            let policies = try ids.map { try transaction.policy($0, in: caller.project) }
            return (
                vault,
                policies.filter { policy in
                    policy.kind == .replication
                        && !present.contains { $0.policy == policy.id && $0.destination == destination }
                }
            )
        }
        // What this side refuses, the other need not be asked.
        guard vault.protectType == .backup else { return }
        let types = ResourceType.allCases.filter(vault.objectType.takes)
        for policy in new {
            guard let region = policy.definition.destinationRegion, let project = policy.definition.destinationProject
            else { continue }
            try await mustTake(
                types, ReplicationDraft(region: region, project: ProjectID(project), vault: destination),
                of: caller.project)
        }
    }

    /// Ends that a policy holds for a vault. Of a policy of the organization, only the admin role may end it; one that was
    /// removed there goes with its last vault.
    public func dissociate(_ id: PolicyID, from vaultID: VaultID, by caller: Caller) async throws {
        try caller.mustWrite()
        try await write { transaction in
            let vault = try transaction.vault(vaultID, in: caller.project)
            let policy = try transaction.policy(id, in: caller.project)
            if policy.origin != .custom { try caller.mustUnbind(policy) }
            guard try transaction.policies.bindings(in: caller.project, policy: id, vault: vault.id).first != nil else {
                throw ControlError(
                    code: .policyNotBound, message: "policy \(id) does not hold for vault \(vaultID)",
                    facts: ["policy.id": id.text, "vault.id": vaultID.text])
            }
            try transaction.policies.unbind(id, from: vault.id)
            if policy.origin == .removed, try transaction.policies.bindings(in: caller.project, policy: id).isEmpty {
                try transaction.policies.delete(id, in: caller.project)
            }
        }
    }
}

extension Caller {
    /// - Throws: ``ControlError`` with `.policyUnusable` unless the caller has the admin role.
    fileprivate func mustUnbind(_ policy: PolicyRecord) throws {
        guard role == .admin else {
            throw ControlError(
                code: .policyUnusable,
                message: "policy \(policy.id) belongs to the organization; only the admin role may end it for a vault",
                facts: ["policy.id": policy.id.text])
        }
    }
}

extension PolicyRules {
    /// Checks what a change touches: what this server allowed once, and does not any more, keeps nobody from switching a policy
    /// off or calling it something else.
    ///
    /// - Parameter before: nil for a new policy.
    /// - Throws: ``ControlError`` with `.invalid`, naming the field.
    func check(_ policy: PolicyRecord, changedFrom before: PolicyRecord?) throws(ControlError) {
        let hasOtherZone = before == nil || before?.timing.timeZone != policy.timing.timeZone
        if hasOtherZone || before?.timing.pattern != policy.timing.pattern {
            let zone = try zone(of: policy, isNew: hasOtherZone)
            do throws(PatternProblem) {
                _ = try Schedule(
                    pattern: policy.timing.pattern, zone: zone, start: policy.timing.startedAt,
                    limits: before?.timing.pattern == policy.timing.pattern
                        ? Schedule.Limits(minutesBetweenMin: 1) : limits)
            } catch {
                let place = policy.timing.pattern.firstIndex(of: error.rule).map { "[\($0)]" } ?? ""
                throw .invalid("policy.trigger.properties.pattern\(place)", "can't be used: \(error.reason)")
            }
        }
        guard before?.definition != policy.definition else { return }
        _ = try RetentionRules(policy.definition)
        try checkWords(of: policy.definition, zoneBefore: before?.definition.timezone)
        if policy.kind == .replication {
            let place = "policy.operation_definition"
            guard policy.definition.destinationRegion?.isEmpty == false else {
                throw .invalid("\(place).destination_region", "is required of a replication policy")
            }
            guard policy.definition.destinationProject?.isEmpty == false else {
                throw .invalid("\(place).destination_project_id", "is required of a replication policy")
            }
        }
    }

    /// What is stored and given back has to mean something, though it may change nothing now.
    private func checkWords(of definition: PolicyDefinition, zoneBefore: String?) throws(ControlError) {
        let place = "policy.operation_definition"
        for rule in definition.advancedRules ?? [] {
            try AdvancedRetentionRule.checkWords(of: rule, place: "\(place).advanced_retention_rules")
        }
        guard let zone = definition.timezone, zone != zoneBefore, !allowsTimeZone else { return }
        guard zone.wholeMatch(of: /UTC[+-][0-9]{2}:[0-9]{2}/) != nil else {
            throw .invalid("\(place).timezone", "has to be like UTC+08:00")
        }
    }

    private func zone(of policy: PolicyRecord, isNew: Bool) throws(ControlError) -> CivilZone {
        guard let name = policy.timing.timeZone else { return .utc }
        guard allowsTimeZone || !isNew else {
            throw .invalid(
                "policy.trigger.properties.holdfast_time_zone", "is not allowed on this server: patterns are in UTC")
        }
        guard let zone = CivilZone(named: name) else {
            throw .invalid("policy.trigger.properties.holdfast_time_zone", "has to be a zone of the time zone database")
        }
        return zone
    }
}

extension PolicyRecord {
    /// - Throws: ``ControlError`` with `.policyUnusable` for one that a domain has rolled out.
    func mustBeOwn() throws {
        guard origin == .custom else {
            throw ControlError(
                code: .policyUnusable,
                message: "policy \(id) belongs to the organization; change it there", facts: ["policy.id": id.text])
        }
    }
}

extension SQLTransaction {
    func policy(_ id: PolicyID, in project: ProjectID) throws -> PolicyRecord {
        guard let policy = try policies.find(id, in: project) else {
            throw ControlError(
                code: .policyNotFound, message: "there is no policy \(id)", facts: ["policy.id": id.text])
        }
        return policy
    }

    /// Stores a changed policy. What was to begin by an older pattern, or is switched off, does not begin; a change of anything
    /// else leaves what is planned as it is.
    ///
    /// - Parameter policy: its version is one above that of `before`.
    func store(_ policy: PolicyRecord, changedFrom before: PolicyRecord) throws {
        guard try policies.update(policy) else { throw ControlError.policyChanged(policy.id) }
        guard policy.isEnabled == before.isEnabled, policy.timing.pattern == before.timing.pattern,
            policy.timing.timeZone == before.timing.timeZone
        else {
            try policyRuns.dropWaiting(of: policy.id)
            return try plan(policy)
        }
        try policyRuns.keepSchedule(of: policy.id, version: policy.version)
    }

    func view(_ policy: PolicyRecord) throws -> PolicyView {
        PolicyView(record: policy, bindings: try policies.bindings(in: policy.project, policy: policy.id))
    }

    func bind(
        _ policy: PolicyRecord, to vault: VaultRecord, destination: VaultID?, _ rules: PolicyRules, now: Instant
    ) throws -> PolicyBinding {
        guard policy.origin != .removed else {
            throw ControlError(
                code: .policyUnusable,
                message: "policy \(policy.id) was removed by the organization: it holds for no other vaults",
                facts: ["policy.id": policy.id.text, "vault.id": vault.id.text])
        }
        let present = try policies.bindings(in: vault.project, vault: vault.id)
        let facts = ["policy.id": policy.id.text, "vault.id": vault.id.text]
        if let same = present.first(where: { $0.policy == policy.id }) {
            if same.destination == destination { return same }
            try policies.unbind(policy.id, from: vault.id)
        } else if !rules.allowsSeveral {
            for other in present {
                guard let found = try policies.find(other.policy, in: vault.project), found.kind == policy.kind else {
                    continue
                }
                throw ControlError(
                    code: .policyUnusable,
                    message: "the \(policy.kind.rawValue) policy \(found.id) holds for vault \(vault.id) already; "
                        + "dissociate it first",
                    facts: facts)
            }
        }
        guard vault.protectType == .backup else {
            throw ControlError(
                code: .policyUnusable,
                message: "vault \(vault.id) is for replicas, which are not made here and not sent on: a "
                    + "\(policy.kind.rawValue) policy can't hold for it",
                facts: facts)
        }
        guard policy.kind == .backup || destination != nil else {
            throw ControlError.invalid("destination_vault_id", "is required with a replication policy")
        }
        let binding = PolicyBinding(
            project: vault.project, vault: vault.id, policy: policy.id, destination: destination, boundAt: now)
        try policies.bind(binding)
        return binding
    }

    /// Where replicas go is fixed once a policy holds for a vault.
    func mustKeepRegion(of policy: PolicyRecord, _ new: PolicyDefinition, before old: PolicyRecord) throws {
        guard new.destinationRegion != old.definition.destinationRegion,
            try !policies.bindings(in: policy.project, policy: policy.id).isEmpty
        else { return }
        throw ControlError(
            code: .policyRegionFixed,
            message: "the region of policy \(policy.id) can't change while it holds for a vault",
            facts: ["policy.id": policy.id.text])
    }
}

extension ControlError {
    static func policyChanged(_ id: PolicyID) -> Self {
        Self(
            code: .vaultChanged, message: "policy \(id) was changed by somebody else meanwhile; try again",
            facts: ["policy.id": id.text])
    }
}
