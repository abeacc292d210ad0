/// Parts of a path as text.
public enum PathParts {
    /// The folder that a path lies in: `.` for a bare name, `/` for what lies in the root.
    ///
    /// Foundation's `NSString.deletingLastPathComponent` stops the process for a path of one character.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
