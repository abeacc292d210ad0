import ArgumentParser
import CBRClient

struct BackupRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Give a backup back: to where it came from, or elsewhere.",
        discussion: "A restore that was cut off leaves its target marked; the same restore again finishes it.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The backup's id, or its name if no other has it. One that is shared with you goes by its id.")
    var backup: String

    @Option(
        name: [.customLong("target-resource"), .customLong("volume")],
        help: "Over this resource, by id or name, in place of the original.")
    var targetResource: String?

    @Option(help: "Into this directory on the server, inside its allowed roots: for trees.")
    var destination: String?

    @Flag(help: "Wait until it is done, showing progress.")
    var wait = false

    func validate() throws {
        if targetResource != nil, destination != nil {
            throw ValidationError("give --target-resource (or --volume) or --destination, not both")
        }
    }

    func run() async throws {
        try await client.run { client in
            let backup = try await client.visibleBackup(called: backup)
            let target: RestoreTarget
            if let destination {
                target = .path(destination)
            } else if let targetResource {
                let resource = try await client.resource(called: targetResource)
                target = resource.type == "OS::Cinder::Volume" ? .volume(resource.id) : .resource(resource.id)
            } else {
                target = .original(of: backup)
            }
            let reply = try await client.restoreBackup(backup.id, to: target)
            guard wait, let job = reply.value else {
                return output.show(reply) { id in TextTable(columns: ["OPERATION"], rows: [[id ?? "-"]]) }
            }
            var outcome: CommandFailure?
            do { try await OperationWait(client: client).finish([job]) } catch let failure as CommandFailure {
                outcome = failure
            }
            output.show(try await client.operation(job)) { OperationCommand.table([$0]) }
            if let outcome { throw outcome }
        }
    }
}
