/// Where plain bytes come from, and where they go back to.
public enum SourceLocation: Sendable, Hashable {
    /// A directory and everything below it. The path is absolute.
    case tree(path: String)
    /// A raw image: a regular file or a block device. The path is absolute.
    case image(path: String)

    public var path: String {
        switch self {
        case .tree(let path), .image(let path): path
        }
    }
}
