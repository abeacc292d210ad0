import ArgumentParser

/// `holdfast server`: what is done to a data directory while no server uses it.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Look after a data directory whose server does not run.",
        subcommands: [ServerRecoverCatalog.self])
}
