import ArgumentParser
import Foundation
import HoldfastCore
import Repository

struct RepoKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "The keys that open a repository: several may, and no data is touched.",
        subcommands: [
            RepoKeyList.self, RepoKeyAdd.self, RepoKeyRemove.self, RepoKeyRotate.self, RepoKeyRevoke.self,
            RepoKeyReport.self,
        ])
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
                columns: ["ID", "KIND", "LABEL", "IN USE", "ADDED BY A KEY"],
                rows: keys.map {
                    [
                        $0.id, $0.kind.rawValue, $0.label.isEmpty ? "-" : $0.label, $0.isInUse ? "yes" : "-",
                        $0.isOutdated ? "revoked" : $0.isProved ? "yes" : "no",
                    ]
                })
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

    @Option(help: "What to call the key.")
    var label = ""

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
            Output.line("added \(try repository.addKey(material, label: label))")
        }
    }
}

struct RepoKeyRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a key away. The one that opens the repository now stays.",
        discussion: "For keys that are no longer needed. For one that may be in wrong hands there is 'key revoke'.")

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "Its id, or its first characters.")
    var id: String

    func run() throws {
        let repository = try options.open()
        let key = try RepoKey.find(id, in: repository)
        try RepositoryOptions.translating { try repository.removeKey(key) }
        Output.line("removed \(key)")
    }
}

struct RepoKeyRotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Seal what is stored from now on under a new master key, for all keys.",
        discussion: "No data is touched; 'prune --reseal' also writes anew what is there.")

    @OptionGroup var options: RepositoryOptions

    func run() throws {
        let repository = try options.open()
        let epoch = try RepositoryOptions.translating { try repository.rotateKeys() }
        Output.line("key epoch \(epoch) has begun")
    }
}

struct RepoKeyRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take keys away that may be in wrong hands: they open nothing that is stored from now on.",
        discussion: """
            All other keys stay, and need not be at hand. What was stored before stays readable for whoever has kept it together
            with the key; 'prune --reseal' writes it anew, and 'key report' shows what is left.
            """)

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "Their ids, or the first characters of them.")
    var ids: [String]

    func run() throws {
        let repository = try options.open()
        let found = try ids.map { try RepoKey.find($0, in: repository) }
        let epoch = try RepositoryOptions.translating { try repository.revokeKeys(found) }
        for id in found { Output.line("revoked \(id)") }
        Output.line("key epoch \(epoch) has begun; the other keys have new ids")
    }
}

struct RepoKeyReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Show what the keys of each epoch open: what a revoked key still does.")

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let repository = try options.open()
        let reports = try RepositoryOptions.translating { try repository.epochReports() }
        try output.show(reports) {
            TextTable(
                columns: ["EPOCH", "PACKS", "BYTES", "INDEX SEGMENTS", "RESTORE POINTS"],
                rows: reports.map {
                    ["\($0.epoch)", "\($0.packs)", "\($0.packBytes)", "\($0.indexSegments)", "\($0.restorePoints)"]
                })
        }
    }
}

extension RepoKey {
    /// The one key whose id begins so.
    static func find(_ start: String, in repository: Repository) throws -> String {
        let found = try RepositoryOptions.translating { try repository.keyList() }
            .filter { !start.isEmpty && $0.id.hasPrefix(start.lowercased()) }
        guard let key = found.first, found.count == 1 else {
            throw CommandFailure(
                "\(found.isEmpty ? "no" : "\(found.count)") keys begin with '\(start)'; 'key list' shows them")
        }
        return key.id
    }
}
