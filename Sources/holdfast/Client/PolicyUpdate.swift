import ArgumentParser
import CBRClient

struct PolicyUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a policy; what is not given stays as it is.",
        discussion: "A rule to keep replaces all rules that the policy has.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var keeps: RetentionOptions
    @OptionGroup(title: "Replication") var destination: PolicyDestinationOptions

    @Argument(help: "Its id or name.")
    var policy: String

    @Option(help: "A new name.")
    var name: String?

    @Flag(help: "Switch it on.")
    var enable = false

    @Flag(help: "Switch it off: it runs no more, and all backups of its vaults stay.")
    var disable = false

    @Option(help: "When it runs, in place of all patterns that it has; may be given again.")
    var pattern: [String] = []

    @Option(help: "Spread the runs of many vaults over so many minutes, 60 to 480.")
    var window: Int?

    @Flag(help: "Begin the runs of all vaults at once.")
    var noWindow = false

    @Option(help: "Whose clocks the pattern means, such as Europe/Berlin, where the server allows it.")
    var patternZone: String?

    @Flag(help: "The pattern is in UTC.")
    var noPatternZone = false

    @Flag(help: "Take away all rules: all backups stay.")
    var keepAll = false

    @Option(parsing: .unconditional, help: "Every so-many-th run reads everything anew; -1: none.")
    var fullEvery: Int?

    func validate() throws {
        guard !(enable && disable), !(window != nil && noWindow), !(patternZone != nil && noPatternZone),
            !(keepAll && !keeps.isEmpty)
        else { throw ValidationError("two of the options contradict each other") }
        guard name != nil || enable || disable || changesTrigger || changesDefinition else {
            throw ValidationError("give at least one thing to change")
        }
    }

    private var changesTrigger: Bool {
        !pattern.isEmpty || window != nil || noWindow || patternZone != nil || noPatternZone
    }

    private var changesDefinition: Bool {
        !keeps.isEmpty || keepAll || fullEvery != nil || !destination.isEmpty
    }

    func run() async throws {
        try await client.run { client in
            let present = try await client.policy(called: policy)
            var changes = PolicyChanges(name: name, enabled: enable ? true : disable ? false : nil)
            if changesTrigger {
                changes.setTrigger(
                    pattern: pattern.isEmpty ? present.trigger.properties.pattern : pattern,
                    windowMinutes: noWindow ? .some(nil) : window.map { .some($0) },
                    timeZone: noPatternZone ? .some(nil) : patternZone.map { .some($0) })
            }
            if changesDefinition {
                var rules = present.operationDefinition
                if keepAll || !keeps.isEmpty { rules = rules.keeping(keeps.rules) }
                if let fullEvery { rules.fullBackupInterval = fullEvery }
                destination.apply(to: &rules)
                changes.operationDefinition = rules
            }
            let reply = try await client.updatePolicy(present.id, changes)
            output.show(reply) { PolicyCommand.table([$0]) }
        }
    }
}
