import ArgumentParser
import CBRClient

struct PolicyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a policy. Without a rule to keep, all backups stay.",
        discussion: "With a destination it is a replication policy; 'associate' says which vault takes the replicas.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var keeps: RetentionOptions
    @OptionGroup(title: "Replication") var destination: PolicyDestinationOptions

    @Option(help: "1 to 64 letters, digits, '_' and '-'.")
    var name: String

    @Option(help: "When it runs, such as 'FREQ=DAILY;INTERVAL=1;BYHOUR=2;BYMINUTE=30', in UTC; may be given again.")
    var pattern: [String]

    @Option(help: "Spread the runs of many vaults over so many minutes, 60 to 480.")
    var window: Int?

    @Option(help: "Whose clocks the pattern means, such as Europe/Berlin, where the server allows it.")
    var patternZone: String?

    @Option(help: "Every so-many-th run reads everything anew.")
    var fullEvery: Int?

    @Flag(help: "Make it switched off.")
    var disabled = false

    func validate() throws {
        guard (destination.destinationRegion == nil) == (destination.destinationProject == nil) else {
            throw ValidationError("a replication policy takes both --destination-region and --destination-project")
        }
    }

    func run() async throws {
        try await client.run { client in
            var rules = keeps.rules
            rules.fullBackupInterval = fullEvery
            destination.apply(to: &rules)
            let reply = try await client.createPolicy(
                NewPolicy(
                    name: name, pattern: pattern, keeps: rules, windowMinutes: window, timeZone: patternZone,
                    enabled: disabled ? false : nil))
            output.show(reply) { PolicyCommand.table([$0]) }
        }
    }
}
