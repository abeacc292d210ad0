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
            let isNew = !FileManager.default.fileExists(atPath: options.keyFile)
            if isNew { try KeyFile(randomBytes: Seams.live.randomBytes).write(to: options.keyFile) }
            let key = try KeyFile(readingFrom: options.keyFile)
            let store = try LocalObjectStore(root: options.repository)
            let repository = try Repository.create(in: store, unlockedBy: .keyFile(key), seams: .live)
            Output.line("made repository \(repository.id) at \(options.repository)")
            if isNew { Output.line("made key file \(options.keyFile): keep a copy of it in a safe place") }
        }
    }
}
