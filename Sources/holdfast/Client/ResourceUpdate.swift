import ArgumentParser
import CBRClient

struct ResourceUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a resource's name or tags; what is not given stays as it is.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Its id or name.")
    var resource: String

    @Option(help: "A new name.")
    var name: String?

    @Option(help: "A tag, as key=value, in the place of all it had; may be given again.")
    var tag: [String] = []

    @Flag(help: "Take all its tags away.")
    var noTags = false

    func validate() throws {
        guard name != nil || !tag.isEmpty || noTags else {
            throw ValidationError("give at least one of --name, --tag and --no-tags")
        }
        guard tag.isEmpty || !noTags else { throw ValidationError("give --tag or --no-tags, not both") }
    }

    func run() async throws {
        try await client.run { client in
            let tags = noTags || !tag.isEmpty ? tag.map { TagPair(text: $0) } : nil
            let reply = try await client.updateResource(
                client.resource(called: resource).id, ResourceChanges(name: name, tags: tags))
            output.show(reply) { ResourceCommand.table([$0]) }
        }
    }
}
