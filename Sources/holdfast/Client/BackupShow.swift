import ArgumentParser
import CBRClient

struct BackupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one backup.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Its id, or its name if no other has it. One that is shared with you goes by its id.")
    var backup: String

    func run() async throws {
        try await client.run { client in
            let reply = try await client.backup(client.visibleBackup(called: backup).id)
            output.show(reply) { BackupCommand.table([$0]) }
        }
    }
}
