import Repository

/// What the reader of a tree found, in the order of the walk; the assembler makes the manifest from it.
///
/// A file's contents come as `begin`, extents, and then one of `end` and `drop`; `again` forgets the extents so far.
enum TreeEvent: Sendable {
    case enterDirectory(TreeEntry)
    case leaveDirectory
    /// Whole in itself: a link, a pipe, an empty file, a file that did not change since the parent.
    case entry(TreeEntry)
    /// A file whose contents are a part of a chunk that it shares.
    case small(TreeEntry, PendingChunk, offset: Int, lengthBytes: Int)
    case beginFile
    case hole(lengthBytes: Int64)
    case extent(PendingChunk, offset: Int = 0, lengthBytes: Int)
    case again
    case endFile(TreeEntry)
    case dropFile
    /// Another name of a file that came before.
    case link(name: [UInt8], to: FileIdentity, isLast: Bool)
}

/// What hard links of one file share.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
}
