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
    var keyFile: String?

    @Option(
        help: """
            A file whose first line is a passphrase that opens the repository; the variable HOLDFAST_PASSPHRASE may hold \
            one too.
            """)
    var passphraseFile: String?

    func validate() throws {
        guard keyFile == nil || passphraseFile == nil else {
            throw ValidationError("give --key-file or --passphrase-file, not both")
        }
        guard keyFile != nil || passphraseFile != nil || Self.variable != nil else {
            throw ValidationError("give --key-file or --passphrase-file, or set HOLDFAST_PASSPHRASE")
        }
    }

    private static var variable: String? {
        ProcessInfo.processInfo.environment["HOLDFAST_PASSPHRASE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What opens the repository: what was given on the command line, else the variable.
    func material() throws -> KeyMaterial {
        if let keyFile { return .keyFile(try KeyFile(readingFrom: keyFile)) }
        if let passphraseFile { return .passphrase(try PassphraseFile.read(passphraseFile)) }
        return .passphrase(Array((Self.variable ?? "").utf8))
    }

    /// Blocks: the verbs have nothing else to do meanwhile.
    func open() throws -> Repository {
        try Self.translating {
            let key = try material()
            guard FileManager.default.fileExists(atPath: repository) else {
                throw CommandFailure("there is no repository at \(repository); 'repo init' makes one")
            }
            return try Repository.open(LocalObjectStore(root: repository), unlockedBy: key, seams: .live)
        }
    }

    /// What the engine throws, as one sentence.
    static func translating<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as RepositoryError {
            throw CommandFailure(error.message)
        } catch let error as ObjectStoreError {
            throw CommandFailure(error.message)
        } catch is MalformedManifest {
            throw CommandFailure("a manifest makes no sense; 'repo check' names what it hits")
        }
    }
}

/// A passphrase in a file, where no list of processes shows it.
enum PassphraseFile {
    /// The first line, without its end. Empty ones are refused.
    static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("the passphrase file \(path) can't be read")
        }
        let line = data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty else {
            throw CommandFailure("the first line of \(path) is empty: it should be a passphrase")
        }
        return Array(line)
    }
}
