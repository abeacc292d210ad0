import HoldfastCore
import ObjectStorage
import TestSupport

/// A disk that keeps what was synced, and of the rest what it likes.
///
/// The least that POSIX promises: contents of a file are on disk after fsync(2) of it, and before that none, some or all of
/// them are; names in a folder are after fsync(2) of the folder, and before that each change of one may have got there or
/// not, in any order.
struct UncertainDisk {
    /// What a loss of power leaves of what was not synced.
    enum Loss: Sendable, CaseIterable { case everything, nothing, anything }

    private struct File {
        var bytes: [UInt8] = []
        var isDurable = true
    }

    private struct NameChange {
        let name: String
        /// The file or folder it names from then on; nil: it is gone.
        let target: Int?
    }

    private struct Folder {
        var names: [String: Int] = [:]
        var pending: [NameChange] = []
    }

    private var files: [Int: File] = [:]
    private var folders: [Int: Folder] = [:]
    /// As the running system sees it.
    private var places: [String: Int] = [:]
    private var next = 1
    private let root: String

    init(root: String) {
        self.root = root
        places[root] = 0
        folders[0] = Folder()
    }

    mutating func apply(_ event: FileChangeEvent) {
        switch event {
        case .madeFile(let path):
            files[next] = File(bytes: [], isDurable: false)
            name(path, next)
        case .madeFolder(let path):
            // Somebody made the root and its parent before; whether its own name is durable is not this disk's matter.
            if path == root { return }
            folders[next] = Folder()
            name(path, next)
        case .wrote(let bytes, let path):
            guard let file = places[path] else { return }
            files[file] = File(bytes: bytes, isDurable: false)
        case .linked(let old, as: let path): if let file = places[old] { name(path, file) }
        case .removed(let path): name(path, nil)
        case .synced(let path):
            guard let place = places[path] else { return }
            if files[place] != nil { files[place]?.isDurable = true }
            for change in folders[place]?.pending ?? [] { folders[place]?.names[change.name] = change.target }
            folders[place]?.pending = []
        }
    }

    private mutating func name(_ path: String, _ target: Int?) {
        places[path] = target
        next += 1
        guard let folder = places[PathParts.folder(of: path)] else { return }
        folders[folder]?.pending.append(NameChange(name: String(path.split(separator: "/").last ?? ""), target: target))
    }

    /// The objects that the next process finds.
    func left(after loss: Loss, _ random: inout SeededGenerator) throws -> [ObjectKey: [UInt8]] {
        var found: [ObjectKey: [UInt8]] = [:]
        var waiting: [(path: String, folder: Int)] = [("", 0)]
        while let (path, number) = waiting.popLast() {
            guard let folder = folders[number] else { continue }
            var names = folder.names
            for change in folder.pending where Self.keeps(loss, &random) { names[change.name] = change.target }
            for (name, target) in names.sorted(by: { $0.key < $1.key }) {
                let below = path.isEmpty ? name : "\(path)/\(name)"
                if below == "tmp" { continue }
                if folders[target] != nil { waiting.append((below, target)) }
                guard let file = files[target] else { continue }
                var bytes = file.bytes
                if !file.isDurable, !Self.keeps(loss, &random) {
                    bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
                }
                found[try ObjectKey(below)] = bytes
            }
        }
        return found
    }

    private static func keeps(_ loss: Loss, _ random: inout SeededGenerator) -> Bool {
        switch loss {
        case .everything: false
        case .nothing: true
        case .anything: Bool.random(using: &random)
        }
    }
}
