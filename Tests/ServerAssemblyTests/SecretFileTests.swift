import CHoldfast
import Foundation
import HoldfastCore
import Identity
import TestSupport
import Testing

@testable import ServerAssembly

@Suite("Files that only their owner may read")
struct SecretFileTests {
    @Test("a file is written whole, with mode 0600, and nothing else is left")
    func written() throws {
        try withTemporaryDirectory { folder in
            let path = folder + "/secret"
            for bytes in [[UInt8]("one".utf8), [], [UInt8](repeating: 7, count: 50_000)] {
                try SecretFile.write(bytes, to: path, existing: .replace)
                #expect(try SecretFile.read(path) == bytes)
            }
            #expect(mode(of: path) == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["secret"])
        }
    }

    @Test("a key that is there is never replaced")
    func taken() throws {
        try withTemporaryDirectory { folder in
            let path = folder + "/key"
            try SecretFile.write([1], to: path, existing: .refuse)
            do throws(SecretFile.Failure) {
                try SecretFile.write([2], to: path, existing: .refuse)
                Issue.record("replaced")
            } catch { #expect(error.isTaken) }
            #expect(try SecretFile.read(path) == [1])
        }
    }

    @Test("a leftover of an interrupted write, even a link to elsewhere, does no harm")
    func leftover() throws {
        try withTemporaryDirectory { folder in
            let (path, elsewhere) = (folder + "/secret", folder + "/elsewhere")
            try Data("keep".utf8).write(to: URL(filePath: elsewhere))
            try FileManager.default.createSymbolicLink(atPath: path + ".part", withDestinationPath: elsewhere)
            try SecretFile.write([1], to: path, existing: .replace)
            #expect(try Data(contentsOf: URL(filePath: elsewhere)) == Data("keep".utf8))
            #expect(try SecretFile.read(path) == [1])
        }
    }

    @Test("a file that others may read, is too large, or is not there is refused with its name")
    func refused() throws {
        try withTemporaryDirectory { folder in
            let path = folder + "/secret"
            try SecretFile.write([UInt8](repeating: 0, count: 100), to: path, existing: .replace)
            chmod(path, 0o640)
            for attempt in [{ try SecretFile.read(path) }, { try SecretFile.read(folder + "/none") }] {
                #expect(throws: SecretFile.Failure.self) { try attempt() }
            }
            chmod(path, 0o600)
            #expect(throws: SecretFile.Failure.self) { try SecretFile.read(path, sizeBytesMax: 99) }
        }
    }

    @Test("the key of the catalog's secrets is made once, and a lost one is not made anew")
    func secretsKey() throws {
        try withTemporaryDirectory { folder in
            let directory = DataDirectory(folder)
            let seams = ManualClock().seams
            let sealed = try SecretsKey.readOrCreate(directory, seams: seams).seal([1, 2], label: "AK")
            #expect(try SecretsKey.readOrCreate(directory, seams: seams).open(sealed, label: "AK") == [1, 2])
            #expect(mode(of: directory.secretsKey) == 0o600)

            try FileManager.default.removeItem(atPath: directory.secretsKey)
            try Data().write(to: URL(filePath: directory.catalog))
            #expect(throws: SecretFile.Failure.self) { try SecretsKey.readOrCreate(directory, seams: seams) }
            #expect(!FileManager.default.fileExists(atPath: directory.secretsKey))

            for text in ["", "holdfast-secrets-1 00", "holdfast-key-1 " + String(repeating: "00", count: 32)] {
                try SecretFile.write(Array(text.utf8), to: directory.secretsKey, existing: .replace)
                #expect(throws: SecretFile.Failure.self) { try SecretsKey.readOrCreate(directory, seams: seams) }
            }
        }
    }

    private func mode(of path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}
