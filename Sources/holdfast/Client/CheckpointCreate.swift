import ArgumentParser
import CBRClient

struct CheckpointCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Back up a vault now.",
        discussion: "Ends with 3 when resources were skipped, or items could not be read whole.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "The vault's id or name.")
    var vault: String

    @Option(help: "1 to 64 letters, digits, '_' and '-'.")
    var name: String?

    @Option(help: "Up to 255 characters.")
    var description: String?

    @Option(help: "Only this resource of the vault, by id or name; may be given again.")
    var resource: [String] = []

    @Flag(help: "Read and verify everything, trusting no earlier backup.")
    var full = false

    @Flag(help: "Wait until it is done, showing progress.")
    var wait = false

    func run() async throws {
        try await client.run { client in
            let vault = try await client.vault(called: vault)
            var ids: [String] = []
            for wanted in resource {
                let found = try NameLookup.find(
                    wanted, among: vault.resources, kind: "resource of the vault", id: \.id, name: { $0.name ?? "" })
                ids.append(found.id)
            }
            let parameters = CheckpointParameters(
                name: name, description: description, incremental: full ? false : nil,
                resources: ids.isEmpty ? nil : ids)
            let made = try await client.createCheckpoint(ofVault: vault.id, parameters)
            let skipped = Self.failure(made.value)
            guard wait else {
                output.show(made, table: CheckpointCommand.table)
                if let skipped { throw skipped }
                return
            }
            let operations = try await client.operations(ofCheckpoint: made.value).map(\.id)
            var outcome: CommandFailure?
            do { try await OperationWait(client: client).finish(operations) } catch let failure as CommandFailure {
                outcome = failure
            }
            output.show(try await client.checkpoint(made.value.id), table: CheckpointCommand.table)
            if let outcome { throw outcome }
            if let skipped { throw skipped }
        }
    }

    /// Which resources were left out of a restore point, and why; nil when none was.
    private static func failure(_ checkpoint: Checkpoint) -> CommandFailure? {
        guard !checkpoint.skipped.isEmpty else { return nil }
        let each = checkpoint.skipped.map { "\($0.name ?? $0.id) (\($0.reason ?? $0.code ?? "no reason given"))" }
        let count = each.count == 1 ? "1 resource was" : "\(each.count) resources were"
        return CommandFailure("\(count) skipped: \(each.joined(separator: ", "))", exit: .partial)
    }
}
