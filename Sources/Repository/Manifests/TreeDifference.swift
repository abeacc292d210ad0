/// What one tree has that another has not.
public struct TreeDifference: Sendable, Equatable {
    public enum Kind: String, Sendable, Codable {
        case added, removed
        /// Other contents, or another kind of item.
        case contents
        /// The same contents with another mode, owner, time or attribute.
        case attributes
    }

    public let kind: Kind
    /// Names from the root down.
    public let path: [[UInt8]]

    /// Compares two trees and calls `visit` for each difference, in the order of names.
    ///
    /// Directories that are the same pages in both are not read: what it costs is what has changed, not what there is.
    /// An added or removed directory is one difference and each item in it another.
    public static func visit(
        from old: ChunkID, to new: ChunkID, fetch: @escaping NodeFetch, _ visit: (TreeDifference) throws -> Void
    ) throws {
        let (before, after) = (try TreeBrowser(old, fetch: fetch), try TreeBrowser(new, fetch: fetch))
        if attributesDiffer(before.root, after.root) { try visit(TreeDifference(kind: .attributes, path: [])) }
        var stack = [Merge(before.root, after.root, fetch)]
        var names: [[UInt8]] = []
        while let last = stack.indices.last {
            guard let pair = try stack[last].next() else {
                stack.removeLast()
                if !names.isEmpty { names.removeLast() }
                continue
            }
            let path = names + [pair.name]
            switch (pair.old, pair.new) {
            case (nil, let entry?): try all(entry, path, .added, after, visit)
            case (let entry?, nil): try all(entry, path, .removed, before, visit)
            case (let old?, let new?):
                if old == new { continue }
                if case .directory(let from) = old.body, case .directory(let to) = new.body {
                    if attributesDiffer(old, new) { try visit(TreeDifference(kind: .attributes, path: path)) }
                    if from == to { continue }
                    names.append(pair.name)
                    stack.append(Merge(old, new, fetch))
                } else if try contentsDiffer(old, new, fetch) {
                    try all(old, path, .removed, before, visit, isOnlyBelow: true)
                    try visit(TreeDifference(kind: .contents, path: path))
                    try all(new, path, .added, after, visit, isOnlyBelow: true)
                } else if attributesDiffer(old, new) {
                    try visit(TreeDifference(kind: .attributes, path: path))
                }
            case (nil, nil): continue
            }
        }
    }

    private static func all(
        _ entry: TreeEntry, _ path: [[UInt8]], _ kind: Kind, _ browser: TreeBrowser,
        _ visit: (TreeDifference) throws -> Void, isOnlyBelow: Bool = false
    ) throws {
        if !isOnlyBelow { try visit(TreeDifference(kind: kind, path: path)) }
        try browser.walk(below: entry) { below, _ in try visit(TreeDifference(kind: kind, path: path + below)) }
    }

    private static func contentsDiffer(_ old: TreeEntry, _ new: TreeEntry, _ fetch: @escaping NodeFetch) throws -> Bool
    {
        guard case .file(let before, let from, _) = old.body, case .file(let after, let to, _) = new.body else {
            return old.body != new.body
        }
        return try before != after || !ContentsCursor.areEqual(from, to, fetch: fetch)
    }

    /// Where an item lies on its disk, and when that was last touched, is no part of what it is.
    private static func attributesDiffer(_ old: TreeEntry, _ new: TreeEntry) -> Bool {
        let (a, b) = (old.attributes, new.attributes)
        return a.mode != b.mode || a.owner != b.owner || a.group != b.group || a.modified != b.modified
            || old.extendedAttributes != new.extendedAttributes
    }
}

/// The entries of two directories side by side, in the order of names.
private struct Merge {
    private var cursors: (old: DirectoryCursor, new: DirectoryCursor)
    private var waiting: (old: TreeEntry?, new: TreeEntry?)

    init(_ old: TreeEntry, _ new: TreeEntry, _ fetch: @escaping NodeFetch) {
        func cursor(_ entry: TreeEntry) -> DirectoryCursor {
            guard case .directory(let entries) = entry.body else { return DirectoryCursor(.empty, fetch: fetch) }
            return DirectoryCursor(entries, fetch: fetch)
        }
        cursors = (cursor(old), cursor(new))
    }

    mutating func next() throws -> (name: [UInt8], old: TreeEntry?, new: TreeEntry?)? {
        if waiting.old == nil { waiting.old = try cursors.old.next() }
        if waiting.new == nil { waiting.new = try cursors.new.next() }
        switch waiting {
        case (nil, nil): return nil
        case (let old?, let new?) where old.name == new.name:
            waiting = (nil, nil)
            return (old.name, old, new)
        case (let old?, let new) where new.map({ old.name.lexicographicallyPrecedes($0.name) }) ?? true:
            waiting.old = nil
            return (old.name, old, nil)
        case (_, let new?):
            waiting.new = nil
            return (new.name, nil, new)
        case (let old?, nil):
            waiting.old = nil
            return (old.name, old, nil)
        }
    }
}
