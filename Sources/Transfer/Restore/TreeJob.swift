import Repository

/// Contents of files for a worker to write.
enum TreeJob: Sendable {
    struct Placed: Sendable {
        let offset: Int64
        let extent: FileExtent
    }

    /// Short files, each as a whole.
    case files([RestoringFile])
    /// A part of a long file that is open.
    case piece(RestoringFile, OpenTarget, [Placed])
}
