import Foundation
import TestSupport
import Testing

@testable import ServerAssembly

@Suite("A data directory belongs to one server")
struct DirectoryClaimTests {
    @Test("a second server is refused while the first one has it, and not afterwards")
    func once() throws {
        try withTemporaryDirectory { folder in
            let directory = DataDirectory(folder + "/data")
            do {
                let first = try DirectoryClaim(directory)
                defer { withExtendedLifetime(first) {} }
                let before = try contents(of: directory.path)
                #expect(try refusal(directory).contains("in use"))
                #expect(try contents(of: directory.path) == before)
            }
            _ = try DirectoryClaim(directory)
        }
    }

    @Test(
        "a directory of a newer version, or with a version that is none, is refused untouched",
        arguments: ["2\n", "999", "x", ""])
    func newer(version: String) throws {
        try withTemporaryDirectory { folder in
            let directory = DataDirectory(folder)
            try Data(version.utf8).write(to: URL(filePath: directory.version))
            let message = try refusal(directory)
            #expect(message.contains(folder) && !message.contains("\n"))
            #expect(try contents(of: folder) == ["version": version])
        }
    }

    @Test("what is no directory, or can't be made, is refused untouched")
    func noDirectory() throws {
        try withTemporaryDirectory { folder in
            let file = folder + "/file"
            try Data("x".utf8).write(to: URL(filePath: file))
            #expect(try refusal(DataDirectory(file)).contains("not a directory"))
            #expect(try refusal(DataDirectory(file + "/below")).contains(file + "/below"))
            #expect(try contents(of: folder) == ["file": "x"])
        }
    }

    private func refusal(_ directory: DataDirectory) throws -> String {
        do {
            _ = try DirectoryClaim(directory)
            Issue.record("accepted")
            return ""
        } catch let error as StartError { return error.message }
    }

    /// Files with their contents.
    private func contents(of folder: String) throws -> [String: String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).reduce(into: [:]) { files, name in
            files[name] = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
        }
    }
}
