import CHoldfast
import Glibc

/// The directories from the root of a tree down to where a walk is.
///
/// A tree may be deeper than a process may have open files, or than a path may be long: only the ``openMax`` deepest
/// directories stay open. On the way up a closed one is opened again as `..` of its child, and must be the same
/// directory as before: one that was moved meanwhile is an error, never a walk out of the tree.
package struct DirectoryStack {
    package static let openMax = 64

    private struct Level {
        let name: ItemName?
        let device: UInt64
        let inode: UInt64
        var descriptor: Descriptor?
    }

    /// A directory was moved out of its parent while the walk was below it.
    package struct Moved: Error, Sendable {
        package init() {}
    }

    private var levels: [Level] = []

    package init(root: Descriptor) throws(SystemFailure) {
        let status = try root.status()
        levels = [Level(name: nil, device: status.device, inode: status.inode, descriptor: root)]
    }

    /// How many directories deep the walk is; 1 at the root.
    package var depth: Int { levels.count }

    /// The names from the root to here, without the root's own.
    package var path: [[UInt8]] { levels.compactMap { $0.name?.bytes } }

    package var root: Descriptor {
        guard let descriptor = levels.first?.descriptor else { preconditionFailure("the root stays open") }
        return descriptor
    }

    /// The deepest directory.
    package var top: Descriptor {
        guard let descriptor = levels.last?.descriptor else { preconditionFailure("the deepest directory is open") }
        return descriptor
    }

    package mutating func push(_ descriptor: Descriptor, name: ItemName, status: ItemStatus) {
        levels.append(Level(name: name, device: status.device, inode: status.inode, descriptor: descriptor))
        let closing = levels.count - 1 - Self.openMax
        // The root stays open: hard links are looked up from it.
        if closing > 0 { levels[closing].descriptor = nil }
    }

    /// Goes up one level.
    ///
    /// - Throws: ``Moved``, or ``SystemFailure`` when the parent can't be opened. The stack is then unusable.
    package mutating func pop() throws {
        precondition(levels.count > 1, "the root is not popped")
        let child = top
        levels.removeLast()
        let last = levels.count - 1
        guard levels[last].descriptor == nil else { return }
        let number = openat(child.number, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { throw SystemFailure("open ..") }
        let parent = Descriptor(owning: number)
        let status = try parent.status()
        guard status.device == levels[last].device, status.inode == levels[last].inode else { throw Moved() }
        levels[last].descriptor = parent
    }
}
