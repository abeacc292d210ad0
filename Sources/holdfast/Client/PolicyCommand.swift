import ArgumentParser
import CBRClient

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "When vaults are backed up, and how long backups stay.",
        subcommands: [
            PolicyCreate.self, PolicyList.self, PolicyShow.self, PolicyUpdate.self, PolicyDelete.self,
            PolicyAssociate.self, PolicyDissociate.self, PolicyPreviewCommand.self,
        ])

    static func table(_ policies: [Policy]) -> TextTable {
        TextTable(
            columns: ["ID", "NAME", "KIND", "ENABLED", "PATTERN", "VAULTS"],
            rows: policies.map { policy in
                [
                    policy.id, policy.name, policy.operationType, policy.enabled ? "yes" : "no",
                    policy.trigger.properties.pattern.joined(separator: " | "),
                    "\(policy.associatedVaults?.count ?? 0)",
                ]
            })
    }
}

/// What a policy keeps, as options.
struct RetentionOptions: ParsableArguments {
    @Option(help: "Keep the newest so many of each resource.")
    var keepLast: Int?

    @Option(help: "Keep those that are at most so many days old.")
    var keepDays: Int?

    @Option(help: "Keep the newest of each of so many days.")
    var keepDaily: Int?

    @Option(help: "Keep the newest of each of so many weeks.")
    var keepWeekly: Int?

    @Option(help: "Keep the newest of each of so many months.")
    var keepMonthly: Int?

    @Option(help: "Keep the newest of each of so many years.")
    var keepYearly: Int?

    @Option(help: "Whose days, weeks, months and years those are: like UTC+08:00.")
    var timezone = "UTC+00:00"

    var isEmpty: Bool {
        [keepLast, keepDays, keepDaily, keepWeekly, keepMonthly, keepYearly].allSatisfy { $0 == nil }
    }

    var rules: PolicyRetention {
        var rules = PolicyRetention()
        rules.maxBackups = keepLast
        rules.retentionDurationDays = keepDays
        rules.dayBackups = keepDaily
        rules.weekBackups = keepWeekly
        rules.monthBackups = keepMonthly
        rules.yearBackups = keepYearly
        if [keepDaily, keepWeekly, keepMonthly, keepYearly].contains(where: { $0 != nil }) {
            rules.timezone = timezone
        }
        return rules
    }
}

/// Where a replication policy sends to, as options.
struct PolicyDestinationOptions: ParsableArguments {
    @Option(help: "Send backups to this region: a replication policy.")
    var destinationRegion: String?

    @Option(help: "The project there that takes them.")
    var destinationProject: String?

    var isEmpty: Bool { destinationRegion == nil && destinationProject == nil }

    func apply(to rules: inout PolicyRetention) {
        if let destinationRegion { rules.destinationRegion = destinationRegion }
        if let destinationProject { rules.destinationProjectID = destinationProject }
    }
}

extension ServiceClient {
    func policy(called wanted: String) async throws -> Policy {
        try NameLookup.find(wanted, among: await policies().value, kind: "policy", id: \.id, name: \.name)
    }
}
