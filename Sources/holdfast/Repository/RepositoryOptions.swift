import ArgumentParser
import Foundation
import HoldfastCore
import ObjectStorage
import Repository

/// Which repository, and what opens it.
struct RepositoryOptions: ParsableArguments {
    @Option(help: "The repository's directory.")
    var repository: String

    @Option(help: "The key file that 'repo init' made.")
    var keyFile: String

    /// Blocks: the verbs have nothing else to do meanwhile.
    func open() throws -> Repository {
        try Self.translating {
            let key = try KeyFile(readingFrom: keyFile)
            guard FileManager.default.fileExists(atPath: repository) else {
                throw CommandFailure("there is no repository at \(repository); 'repo init' makes one")
            }
            return try Repository.open(
                LocalObjectStore(root: repository), unlockedBy: .keyFile(key), seams: .live)
        }
    }

    /// What the engine throws, as one sentence.
    static func translating<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as RepositoryError {
            throw CommandFailure(error.message)
        } catch let error as ObjectStoreError { throw CommandFailure(error.message) }
    }
}
