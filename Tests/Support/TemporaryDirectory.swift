import CHoldfast
import Foundation

/// Runs `body` with a directory of its own, and removes that with everything in it.
///
/// Removed by file descriptors, with any names and any depth, whatever modes the test left.
public func withTemporaryDirectory<Result>(
    _ body: (_ path: String) async throws -> Result
) async throws -> Result {
    let path = try makeTemporaryDirectory()
    defer { removeTemporaryDirectory(path) }
    return try await body(path)
}

/// As the other, for bodies that do not wait.
public func withTemporaryDirectory<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
    let path = try makeTemporaryDirectory()
    defer { removeTemporaryDirectory(path) }
    return try body(path)
}

private func makeTemporaryDirectory() throws -> String {
    let name = "holdfast-" + UUID().uuidString.lowercased()
    let url = FileManager.default.temporaryDirectory.appending(path: name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    // The real path: tests compare with what realpath(3) says.
    guard let real = realpath(url.path(percentEncoded: false), nil) else { throw CocoaError(.fileNoSuchFile) }
    defer { free(real) }
    return String(cString: real)
}

private func removeTemporaryDirectory(_ path: String) {
    // rm(1) descends by file descriptors: FileManager gives up beyond PATH_MAX.
    let rm = Process()
    rm.executableURL = URL(filePath: "/bin/rm")
    rm.arguments = ["-rf", "--", path]
    do {
        try rm.run()
        rm.waitUntilExit()
    } catch {
        // Left behind in the temporary directory: no reason for a test to fail.
    }
}
