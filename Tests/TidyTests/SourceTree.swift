import Foundation

/// The files of this checkout, as the tidy tests read them.
enum SourceTree {
    struct File: Sendable {
        /// From the root of the checkout, with `/`.
        let path: String
        let lines: [String]
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Files below `folder` with one of the endings, in order of their path; build folders and hidden ones are left out.
    static func files(below folder: String, endings: Set<String>) throws -> [File] {
        try paths(below: folder).filter { endings.contains(($0 as NSString).pathExtension) }.map(read)
    }

    static func read(_ path: String) throws -> File {
        let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
        return File(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// - Parameter folder: from the root; empty for the root itself.
    static func paths(below folder: String) throws -> [String] {
        var found: [String] = []
        var folders = [folder]
        while let next = folders.popLast() {
            let directory = next.isEmpty ? root : root.appending(path: next)
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) where !isHidden(name) {
                let path = next.isEmpty ? name : "\(next)/\(name)"
                let isFolder = (try root.appending(path: path).resourceValues(forKeys: [.isDirectoryKey])).isDirectory
                if isFolder ?? false { folders.append(path) } else { found.append(path) }
            }
        }
        return found.sorted()
    }

    private static func isHidden(_ name: String) -> Bool {
        (name.hasPrefix(".") && name != ".ci") || name == "__pycache__" || name == "scratch"
    }
}
