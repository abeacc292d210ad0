import CHoldfast
import Glibc

/// How much a tree holds, by its directory entries alone.
package struct TreeMeasure: Sendable, Equatable {
    package var bytes: Int64 = 0
    package var entries = 0

    /// Sums the sizes of all regular files below an open directory. Hard links count once for each name.
    ///
    /// - Parameter shouldStop: asked once a directory.
    /// - Returns: nil when the root can't be read or it was stopped; what can't be read below it is left out.
    package static func measure(directory: Int32, shouldStop: () -> Bool = { false }) -> TreeMeasure? {
        let own = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { return nil }
        let root = Descriptor(owning: own)
        guard var stack = try? DirectoryStack(root: root), let names = try? NameList(of: root) else { return nil }
        var measure = TreeMeasure()
        var positions: [(names: NameList, next: Int)] = [(names, 0)]
        while let position = positions.last {
            guard position.next < position.names.count else {
                positions.removeLast()
                if positions.isEmpty { break }
                do { try stack.pop() } catch { return measure }
                continue
            }
            positions[positions.count - 1].next += 1
            let name = position.names[position.next]
            guard let status = try? FileAccess.status(of: name, in: stack.top) else { continue }
            measure.entries += 1
            if status.kind == .file { measure.bytes += status.sizeBytes }
            guard status.kind == .directory else { continue }
            if shouldStop() { return nil }
            guard let child = try? FileAccess.openDirectory(name, in: stack.top),
                let childStatus = try? child.status(), !FileAccess.isPseudo(child),
                let names = try? NameList(of: child)
            else { continue }
            stack.push(child, name: name, status: childStatus)
            positions.append((names, 0))
        }
        return measure
    }
}
