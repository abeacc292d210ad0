import Endpoints
import Foundation
import HoldfastCore
import Jobs
import ObjectStorage
import Repository
import TestSupport
import Testing
import Transfer

/// Goal: whoever may restore changes nothing of the service's own directory, also where an allowed root lies around it.
/// Method: trees that have something else in its place, or nothing, are restored over it, with and without removing what
/// is not in the backup.
@Suite("A restore around the service's own directory")
struct OwnDirectoryTests {
    /// What a tree has in the place of `deep/data`, which is the service's own directory, or of `deep`.
    enum Instead: CaseIterable {
        case nothing, emptyDeep, otherContents, file, largeFile, link, pipe, hardLink, deepFile, deepLink
    }

    @Test("leaves it as it is", arguments: Instead.allCases, [false, true])
    func restored(instead: Instead, deletesExtra: Bool) async throws {
        try await withTemporaryDirectory { root in
            let (target, source) = ("\(root)/target", "\(root)/source")
            let own = "\(target)/deep/data"
            try make("\(own)/repository/keys")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(target)/deep")
            try Data("secret".utf8).write(to: URL(filePath: "\(own)/repository/keys/one"))
            try Data("extra".utf8).write(to: URL(filePath: "\(target)/extra"))
            try make(source)
            try Data("new".utf8).write(to: URL(filePath: "\(source)/z-new"))
            try fill(source, instead)
            let engine = EngineDataPlane(
                repository: try Repository.create(
                    in: MemoryObjectStore(), unlockedBy: .passphrase(Array("a passphrase".utf8)), seams: .live),
                roots: try AllowedRoots([root]), privateDirectory: own, journalDirectory: nil, seams: .live)
            let point = try await engine.backUp(
                BackupRequest(source: .tree(path: source), domain: "project"), progress: { _ in }
            ).restorePoint
            let outcome = try await engine.restore(
                RestoreRequest(restorePoint: point, target: .tree(path: target), deleteExtra: deletesExtra),
                progress: { _ in })
            #expect(try Data(contentsOf: URL(filePath: "\(own)/repository/keys/one")) == Data("secret".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: own) == ["repository"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(own)/repository/keys") == ["one"])
            #expect(try Data(contentsOf: URL(filePath: "\(target)/z-new")) == Data("new".utf8), "the rest is restored")
            #expect(FileManager.default.fileExists(atPath: "\(target)/extra") == !deletesExtra)
            // Who owns what the directory lies in could move it away.
            #expect(try mode("\(target)/deep") == 0o755)
            let isUntouched = [Instead.nothing, .emptyDeep].contains(instead) && !deletesExtra
            #expect(outcome.warnings.contains { $0.message.contains("belongs to Holdfast itself") } == !isUntouched)
        }
    }

    /// Goal: what was allowed when it was looked at is what is read and written. Method: at each call to the store that a transfer
    /// begins with, somebody puts a link to the service's own directory in the place of the tree or the file.
    @Test("nothing follows a link that is put there while a transfer begins", arguments: [false, true], [false, true])
    func exchanged(isTree: Bool, isBackup: Bool) async throws {
        var refused = 0
        for call in 1...40 {
            try await withTemporaryDirectory { root in
                let (own, place) = ("\(root)/own", "\(root)/place")
                try make(own)
                let secret = isTree ? own : "\(own)/secret"
                try Data("secret".utf8).write(to: URL(filePath: "\(own)/secret"))
                if isTree { try make(place) }
                try Data("plain!".utf8).write(to: URL(filePath: isTree ? "\(place)/secret" : place))
                let memory = MemoryObjectStore()
                let key = KeyFile(randomBytes: { Data(repeating: 7, count: $0) })
                let first = try Repository.create(in: memory, unlockedBy: .keyFile(key), seams: .live)
                let location: Endpoints.SourceLocation = isTree ? .tree(path: place) : .image(path: place)
                func engine(_ repository: Repository) throws -> EngineDataPlane {
                    EngineDataPlane(
                        repository: repository, roots: try AllowedRoots([root]), privateDirectory: own,
                        journalDirectory: nil, seams: .live)
                }
                let plain = try await engine(first).backUp(
                    BackupRequest(source: location, domain: "project"), progress: { _ in }
                ).restorePoint
                let store = HookedStore(memory, atCall: call) {
                    try FileManager.default.removeItem(atPath: place)
                    try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: secret)
                }
                let hooked = try Repository.open(store, unlockedBy: .keyFile(key), seams: .live)
                var made: RestorePointID?
                do {
                    if isBackup {
                        made = try await engine(hooked).backUp(
                            BackupRequest(source: location, domain: "project"), progress: { _ in }
                        ).restorePoint
                    } else {
                        _ = try await engine(hooked).restore(
                            RestoreRequest(restorePoint: plain, target: location), progress: { _ in })
                    }
                } catch { refused += 1 }
                #expect(try Data(contentsOf: URL(filePath: "\(own)/secret")) == Data("secret".utf8))
                #expect(try FileManager.default.contentsOfDirectory(atPath: own) == ["secret"])
                guard let made else { return }
                let back: Endpoints.SourceLocation = isTree ? .tree(path: "\(root)/back") : .image(path: "\(root)/back")
                _ = try await engine(first).restore(
                    RestoreRequest(restorePoint: made, target: back), progress: { _ in })
                let read = try Data(contentsOf: URL(filePath: isTree ? "\(root)/back/secret" : "\(root)/back"))
                #expect(read == Data("plain!".utf8), "call \(call)")
            }
        }
        #expect(refused > 0)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private func fill(_ source: String, _ instead: Instead) throws {
        let place = "\(source)/deep/data"
        switch instead {
        case .nothing: break
        case .deepFile: try Data("file".utf8).write(to: URL(filePath: "\(source)/deep"))
        case .deepLink:
            try FileManager.default.createSymbolicLink(atPath: "\(source)/deep", withDestinationPath: "/nowhere")
        default:
            try make("\(source)/deep")
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: "\(source)/deep")
        }
        switch instead {
        case .nothing, .emptyDeep, .deepFile, .deepLink: break
        case .otherContents:
            try make("\(place)/repository/keys")
            try Data("forged".utf8).write(to: URL(filePath: "\(place)/repository/keys/one"))
            try Data("more".utf8).write(to: URL(filePath: "\(place)/more"))
        case .file: try Data("file".utf8).write(to: URL(filePath: place))
        case .largeFile: try Data(count: 5 << 20).write(to: URL(filePath: place))
        case .link: try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "/nowhere")
        case .pipe: #expect(mkfifo(place, 0o600) == 0)
        case .hardLink:
            try Data("file".utf8).write(to: URL(filePath: "\(source)/a"))
            #expect(link("\(source)/a", place) == 0)
        }
    }
}
