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
            let isUntouched = [Instead.nothing, .emptyDeep].contains(instead) && !deletesExtra
            #expect(outcome.warnings.contains { $0.message.contains("belongs to Holdfast itself") } == !isUntouched)
        }
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
        default: try make("\(source)/deep")
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
