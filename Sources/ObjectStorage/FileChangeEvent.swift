/// A change of the file system that a local store has made, or a promise of the system that earlier ones are on disk.
///
/// Lets a test say what is left after a power loss at any moment. Paths are whole.
package enum FileChangeEvent: Sendable {
    case madeFile(String)
    case madeFolder(String)
    case wrote([UInt8], to: String)
    case linked(String, as: String)
    case removed(String)
    /// Of a file: its contents are on disk. Of a folder: the names in it are.
    case synced(String)
}
