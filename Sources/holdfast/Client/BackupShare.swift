import ArgumentParser
import CBRClient

struct BackupShare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share", abstract: "Let other projects restore a backup.",
        discussion: "Each of them has to accept it first. Nothing is copied: the backup stays yours.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The backup's id, or its name if no other has it.")
    var backup: String

    @Option(name: .customLong("with"), help: "The id of a project; may be given again.")
    var projects: [String]

    func run() async throws {
        try await client.run { client in
            let shared = try await client.shareBackup(client.backup(called: backup).id, with: projects)
            output.show(shared, table: BackupMembers.table)
        }
    }
}

struct BackupUnshare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unshare", abstract: "End the sharing of a backup with other projects.",
        discussion: "A restore that runs there ends first; one that waits fails.")

    @OptionGroup var client: ClientOptions

    @Argument(help: "The backup's id, or its name if no other has it.")
    var backup: String

    @Option(name: .customLong("with"), help: "The id of a project; may be given again.")
    var projects: [String]

    func run() async throws {
        try await client.run { client in
            let backup = try await client.backup(called: backup)
            for project in projects { try await client.unshareBackup(backup.id, with: project) }
        }
    }
}

struct BackupMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members", abstract: "List the projects that a backup is shared with.",
        discussion: "Of another project's backup you see yourself alone.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The backup's id, or its name if no other has it. One that is shared with you goes by its id.")
    var backup: String

    func run() async throws {
        try await client.run { client in
            output.show(try await client.members(of: client.visibleBackup(called: backup).id), table: Self.table)
        }
    }

    static func table(_ members: [Member]) -> TextTable {
        TextTable(
            columns: ["PROJECT", "STATUS", "VAULT", "SINCE"],
            rows: members.map { [$0.destProjectID, $0.status, $0.vaultID ?? "-", $0.createdAt ?? "-"] })
    }
}
