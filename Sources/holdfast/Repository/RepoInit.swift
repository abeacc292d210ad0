import ArgumentParser
import Foundation
import HoldfastCore
import ObjectStorage
import Repository

struct RepoInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a repository, and a key file unless there is one.",
        discussion: "Keep a copy of the key file apart from the repository: without it the repository is noise.")

    @OptionGroup var options: RepositoryOptions

    func run() throws {
        try RepositoryOptions.translating {
            let newKeyFile = options.keyFile.flatMap { FileManager.default.fileExists(atPath: $0) ? nil : $0 }
            if let newKeyFile { try KeyFile(randomBytes: Seams.live.randomBytes).write(to: newKeyFile) }
            let store = try LocalObjectStore(root: options.repository)
            let repository = try Repository.create(in: store, unlockedBy: options.material(), seams: .live)
            Output.line("made repository \(repository.id) at \(options.repository)")
            if let newKeyFile { Output.line("made key file \(newKeyFile): keep a copy of it in a safe place") }
        }
    }
}
