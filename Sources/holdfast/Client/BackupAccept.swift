import ArgumentParser
import CBRClient

struct BackupAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Accept a backup that another project shares.",
        discussion: "It can then be restored, onto resources of your own. It takes no room in the vault.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The backup's id, or its name if no other shared one has it.")
    var backup: String

    @Option(help: "The id or name of the vault that is to list it.")
    var vault: String

    func run() async throws {
        try await client.run { client in
            let backup = try await client.sharedBackup(called: backup)
            let member = try await client.acceptBackup(backup.id, intoVault: client.vault(called: vault).id)
            output.show(member) { BackupMembers.table([$0]) }
        }
    }
}

struct BackupReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a backup that another project shares, or give an accepted one back.",
        discussion: "It may be accepted later, as long as it is shared.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The backup's id, or its name if no other shared one has it.")
    var backup: String

    func run() async throws {
        try await client.run { client in
            let member = try await client.rejectBackup(client.sharedBackup(called: backup).id)
            output.show(member) { BackupMembers.table([$0]) }
        }
    }
}
