import ArgumentParser
import CBRClient

struct BackupDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete backups for good.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "Ids, or names that no other backup has.")
    var backups: [String]

    func run() async throws {
        try await client.run { client in
            for wanted in backups { try await client.deleteBackup(client.backup(called: wanted).id) }
        }
    }
}
