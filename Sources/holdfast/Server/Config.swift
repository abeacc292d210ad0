import ArgumentParser

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the server's configuration.", subcommands: [ConfigShow.self])
}
