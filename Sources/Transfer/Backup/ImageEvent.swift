import Repository

/// What the reader of an image found, in order.
enum ImageEvent: Sendable {
    /// So many extents read as zeros.
    case holes(Int)
    case extent(PendingChunk)
}
