import ArgumentParser
import CBRClient

struct PolicyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a backup policy. Without a rule to keep, all backups stay.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var keeps: RetentionOptions

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

    func run() async throws {
        try await client.run { client in
            var rules = keeps.rules
            rules.fullBackupInterval = fullEvery
            let reply = try await client.createPolicy(
                NewPolicy(name: name, pattern: pattern, keeps: rules, windowMinutes: window, timeZone: patternZone))
            output.show(reply) { PolicyCommand.table([$0]) }
        }
    }
}
