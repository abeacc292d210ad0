import ArgumentParser
import Foundation
import HoldfastCore
import ObjectStorage
import Repository

/// A repository's directory and what opens it, as a command line gives them.
struct RepositoryAccess {
    enum KeyChoice {
        case file(String)
        case passphraseFile(String)
        case passphrase(String)
    }

    let directory: String
    let keyFile: String?
    let passphraseFile: String?
    /// What the options begin with, for messages: `--` or `--to-`.
    let prefix: String
    /// The environment variable that may hold a passphrase.
    let variable: String

    /// - Throws: `ValidationError` when nothing, or too much, was given.
    func keyChoice() throws -> KeyChoice {
        switch (keyFile, passphraseFile) {
        case (let file?, nil): return .file(file)
        case (nil, let file?): return .passphraseFile(file)
        case (_?, _?): throw ValidationError("give \(prefix)key-file or \(prefix)passphrase-file, not both")
        case (nil, nil):
            guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
                throw ValidationError("give \(prefix)key-file or \(prefix)passphrase-file, or set \(variable)")
            }
            return .passphrase(text)
        }
    }

    func material() throws -> KeyMaterial {
        switch try keyChoice() {
        case .file(let path): .keyFile(try KeyFile(readingFrom: path))
        case .passphraseFile(let path): .passphrase(try PassphraseFile.read(path))
        case .passphrase(let text): .passphrase(Array(text.utf8))
        }
    }

    /// The place for a user's cache after the XDG base directory specification.
    static func cacheDirectory(_ environment: [String: String]) -> String {
        let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (cache ?? FileManager.default.homeDirectoryForCurrentUser.path + "/.cache") + "/holdfast"
    }

    /// Blocks: the verbs have nothing else to do meanwhile.
    func open() throws -> Repository {
        try RepositoryOptions.translating {
            let key = try material()
            guard FileManager.default.fileExists(atPath: directory) else {
                throw CommandFailure("there is no repository at \(directory); 'repo init' makes one")
            }
            return try Repository.open(
                LocalObjectStore(root: directory), unlockedBy: key,
                scratch: ScratchSpace(path: Self.cacheDirectory(ProcessInfo.processInfo.environment)), seams: .live)
        }
    }
}
