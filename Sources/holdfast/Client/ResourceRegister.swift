import ArgumentParser
import CBRClient
import Foundation

struct ResourceRegister: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Make a directory tree, an image or a block device known to the service.")

    @OptionGroup var client: ClientOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "OS::Sfs::Turbo for a directory tree, OS::Cinder::Volume for an image or a block device.")
    var type: String

    @Option(help: "A name to find it by; the last part of the location by default.")
    var name: String?

    @Option(help: "Where its bytes are: file:///srv/share.")
    var location: String

    @Option(help: "An id of your own: a UUID.")
    var id: String?

    @Option(help: "A tag, as key=value, by which vaults take it in; may be given again.")
    var tag: [String] = []

    func run() async throws {
        try await client.run { client in
            let last = location.split(separator: "/").last.flatMap { String($0).removingPercentEncoding } ?? location
            let reply = try await client.registerResource(
                NewResource(
                    id: id, type: type, name: name ?? last, location: location, tags: tag.map { TagPair(text: $0) }))
            output.show(reply) { ResourceCommand.table([$0]) }
        }
    }
}
