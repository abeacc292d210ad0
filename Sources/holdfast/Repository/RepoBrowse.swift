import ArgumentParser
import Foundation
import HoldfastCore
import Repository

/// Paths inside a restore point, as people write and read them.
enum TreePath {
    static func names(_ text: String) -> [[UInt8]] {
        text.utf8.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != Array(".".utf8) }
    }

    /// Bytes that are no printable text are shown as `\xNN`.
    static func text(_ names: [[UInt8]]) -> String {
        names.map { name in
            String(decoding: name, as: UTF8.self).unicodeScalars.map { scalar in
                scalar.value < 0x20 || scalar.value == 0x7F
                    ? "\\x" + String(format: "%02x", scalar.value) : String(scalar)
            }.joined()
        }.joined(separator: "/")
    }
}

extension RepositoryOptions {
    /// A restore point's tree, and what it is read with.
    func tree(_ id: String) throws -> (TreeBrowser, RestorePoint, Repository) {
        let repository = try open()
        let point = try RepoRestorePoint.find(id, in: repository)
        guard point.description.kind == .tree else {
            throw CommandFailure("restore point \(point.id) is an image, not a tree; 'repo restore' gives it back")
        }
        let reader = repository.reader()
        let browser = try Self.translating { try TreeBrowser(point.description.root, fetch: { try reader.read($0) }) }
        return (browser, point, repository)
    }
}

struct RepoFind: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Find items by name in all restore points of trees, newest first.",
        discussion:
            "Prints the restore point's first characters, its moment, and the path. Ends with 1 when there is none.")

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "A name or a pattern with * and ?, as the shell has them; matched with the last part of paths.")
    var name: String

    func run() throws {
        let repository = try options.open()
        var found = 0
        for point in try RepositoryOptions.translating({ try repository.restorePoints() })
        where point.description.kind == .tree {
            try RepositoryOptions.translating {
                let reader = repository.reader()
                let browser = try TreeBrowser(point.description.root, fetch: { try reader.read($0) })
                try browser.walk(below: browser.root) { path, entry in
                    guard fnmatch(name, String(decoding: entry.name, as: UTF8.self), 0) == 0 else { return }
                    found += 1
                    let moment = point.description.createdAt.formatted(.iso8601)
                    Output.line("\(point.id.text.prefix(12))  \(moment)  \(TreePath.text(path))")
                }
            }
        }
        if found == 0 { throw CommandFailure("no restore point has an item named '\(name)'") }
    }
}

struct RepoCat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat", abstract: "Write a file of a restore point to standard output.")

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The restore point's id, or its first characters.")
    var id: String

    @Argument(help: "The file's path inside the tree.")
    var path: String

    func run() throws {
        let (browser, point, _) = try options.tree(id)
        try RepositoryOptions.translating {
            guard let entry = try browser.entry(at: TreePath.names(path)) else {
                throw CommandFailure("there is no \(path) in restore point \(point.id)")
            }
            guard case .file(_, let extents, _) = entry.body else {
                throw CommandFailure("\(path) is not a regular file")
            }
            try browser.contents(of: extents) { piece in
                try FileHandle.standardOutput.write(contentsOf: Data(piece))
            }
        }
    }
}

struct RepoDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what changed between two restore points of trees.",
        discussion: """
            A line for each item: '+' added, '-' removed, 'M' other contents, 'a' the same contents with another mode, \
            owner, time or attribute. Ends with 0 also when there are differences.
            """)

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The earlier restore point's id, or its first characters.")
    var old: String

    @Argument(help: "The later one's.")
    var new: String

    func run() throws {
        let (_, before, _) = try options.tree(old)
        let (_, after, repository) = try options.tree(new)
        guard before.description.domain == after.description.domain else {
            throw CommandFailure("the restore points belong to two projects, whose chunks have unrelated names")
        }
        let reader = repository.reader()
        try RepositoryOptions.translating {
            try TreeDifference.visit(
                from: before.description.root, to: after.description.root, fetch: { try reader.read($0) }
            ) { difference in
                let sign =
                    switch difference.kind {
                    case .added: "+"
                    case .removed: "-"
                    case .contents: "M"
                    case .attributes: "a"
                    }
                Output.line("\(sign) \(difference.path.isEmpty ? "." : TreePath.text(difference.path))")
            }
        }
    }
}
