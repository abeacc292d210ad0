import ArgumentParser
import Foundation
import HoldfastCore
import Repository

struct RepoKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "The keys that open a repository: several may, and no data is touched.",
        subcommands: [RepoKeyList.self, RepoKeyAdd.self, RepoKeyRemove.self])
}

struct RepoKeyList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the keys.")

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let repository = try options.open()
        let keys = try RepositoryOptions.translating { try repository.keyList() }
        try output.show(keys) {
            TextTable(
                columns: ["ID", "KIND", "IN USE"],
                rows: keys.map { [$0.id, $0.kind.rawValue, $0.isInUse ? "yes" : "-"] })
        }
    }
}

struct RepoKeyAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Let another key file or passphrase open the repository too.")

    @OptionGroup var options: RepositoryOptions

    @Option(help: "A key file; made if there is none.")
    var newKeyFile: String?

    @Option(help: "A file whose first line is the new passphrase.")
    var newPassphraseFile: String?

    func validate() throws {
        guard (newKeyFile == nil) != (newPassphraseFile == nil) else {
            throw ValidationError("give --new-key-file or --new-passphrase-file")
        }
    }

    func run() throws {
        let repository = try options.open()
        try RepositoryOptions.translating {
            let material: KeyMaterial
            if let newPassphraseFile {
                material = .passphrase(try PassphraseFile.read(newPassphraseFile))
            } else {
                let path = newKeyFile ?? ""
                if !FileManager.default.fileExists(atPath: path) {
                    try KeyFile(randomBytes: Seams.live.randomBytes).write(to: path)
                    Output.line("made key file \(path): keep a copy of it in a safe place")
                }
                material = .keyFile(try KeyFile(readingFrom: path))
            }
            Output.line("added \(try repository.addKey(material))")
        }
    }
}

struct RepoKeyRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a key away. The one that opens the repository now stays.",
        discussion: "For keys that are no longer needed: whoever had a key may have kept what it opened.")

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "Its id, or its first characters.")
    var id: String

    func run() throws {
        let repository = try options.open()
        let found = try RepositoryOptions.translating { try repository.keyList() }
            .filter { !id.isEmpty && $0.id.hasPrefix(id.lowercased()) }
        guard let key = found.first, found.count == 1 else {
            throw CommandFailure(
                "\(found.isEmpty ? "no" : "\(found.count)") keys begin with '\(id)'; 'key list' shows them")
        }
        try RepositoryOptions.translating { try repository.removeKey(key.id) }
        Output.line("removed \(key.id)")
    }
}
