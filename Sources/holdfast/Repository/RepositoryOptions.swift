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

    func validate() throws { _ = try access.keyChoice() }

    private var access: RepositoryAccess {
        RepositoryAccess(
            directory: repository, keyFile: keyFile, passphraseFile: passphraseFile, prefix: "--",
            variable: "HOLDFAST_PASSPHRASE")
    }

    /// What opens the repository: what was given on the command line, else the variable.
    func material() throws -> KeyMaterial { try access.material() }

    /// Blocks: the verbs have nothing else to do meanwhile.
    func open() throws -> Repository { try access.open() }

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
