import Endpoints
import Repository
import Synchronization

/// A directory whose contents are being written. Its own attributes are set when the last of them is done: its times
/// would move with each of them, and its mode might keep us out.
final class RestoringDirectory: Sendable {
    private struct State {
        /// The walk through it, and each of its files that is not done.
        var holders = 1
        /// Set when the walk leaves it; until then the walk keeps it open.
        var descriptor: Descriptor?
    }

    let entry: TreeEntry
    /// The names from the root to it, its own included.
    let path: [[UInt8]]
    private let state = Mutex(State())

    init(entry: TreeEntry, path: [[UInt8]]) {
        self.entry = entry
        self.path = path
    }

    func addFile() { state.withLock { $0.holders += 1 } }

    /// - Returns: the open directory if nothing in it is left to be done.
    func fileIsDone() -> Descriptor? {
        state.withLock { state in
            state.holders -= 1
            return state.holders == 0 ? state.descriptor : nil
        }
    }

    /// - Returns: as ``fileIsDone()``.
    func walkIsDone(_ descriptor: Descriptor) -> Descriptor? {
        state.withLock { state in
            state.descriptor = descriptor
            state.holders -= 1
            return state.holders == 0 ? descriptor : nil
        }
    }
}

/// A file that is being written, by one thread or, if it is long, by several.
final class RestoringFile: Sendable {
    private struct State {
        var pieces = 1
        var isDamaged = false
        /// Paths of its further names.
        var names: [[[UInt8]]] = []
        var isRemoved = false
    }

    let entry: TreeEntry
    let name: ItemName
    let directory: Descriptor
    let parent: RestoringDirectory
    private let state = Mutex(State())

    init(entry: TreeEntry, name: ItemName, directory: Descriptor, parent: RestoringDirectory) {
        self.entry = entry
        self.name = name
        self.directory = directory
        self.parent = parent
    }

    var printablePath: String { PathText.printable(parent.path + [name.bytes]) }

    func addPiece() { state.withLock { $0.pieces += 1 } }

    /// - Returns: true for exactly one caller: the last one.
    func pieceIsDone() -> Bool {
        state.withLock { state in
            state.pieces -= 1
            return state.pieces == 0
        }
    }

    /// - Returns: true for the first one who says so.
    func markDamaged() -> Bool {
        state.withLock { state in
            defer { state.isDamaged = true }
            return !state.isDamaged
        }
    }

    /// - Returns: false when the file was damaged and is gone: then the name has to go too.
    func addName(_ path: [[UInt8]]) -> Bool {
        state.withLock { state in
            state.names.append(path)
            return !state.isRemoved
        }
    }

    /// - Returns: the further names to be removed with it.
    func markRemoved() -> [[[UInt8]]] {
        state.withLock { state in
            state.isRemoved = true
            return state.names
        }
    }

    var isDamaged: Bool { state.withLock { $0.isDamaged } }
}

/// A file of the target, open for reading and writing.
struct OpenTarget: Sendable {
    let file: Descriptor
    /// True when it was made by this restore: there is nothing in it to compare with.
    let isFresh: Bool
}
