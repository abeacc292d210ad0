import ArgumentParser
import CBRClient

struct BackupHold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Put a backup under a legal hold: nothing removes it until it is released.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "The backup's id, or its name if no other has it.")
    var backup: String

    @Option(help: "Why, in up to 255 characters.")
    var reason: String

    func run() async throws {
        try await client.run { client in
            try await client.holdBackup(client.backup(called: backup).id, reason: reason)
        }
    }
}

struct BackupRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "End a legal hold; for administrators.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "The backup's id, or its name if no other has it.")
    var backup: String

    func run() async throws {
        try await client.run { client in try await client.releaseBackup(client.backup(called: backup).id) }
    }
}
