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

extension TreeJob {
    /// Lets the store bring near what the job will ask for.
    func announce(to reader: ChunkReader) {
        switch self {
        case .files(let files):
            for file in files {
                // The list of a short file lies in its entry; nothing is fetched for it here.
                guard case .file(_, let list, _) = file.entry.body, case .inline = list else { continue }
                var cursor = ExtentsCursor(list, fetch: { _ in throw TransferError.cancelled })
                while let extent = try? cursor.next() { extent.announce(to: reader) }
            }
        case .piece(_, _, let extents): for placed in extents { placed.extent.announce(to: reader) }
        }
    }
}

extension FileExtent {
    fileprivate func announce(to reader: ChunkReader) {
        if case .chunk(let id, _) = source { reader.willRead(id) }
    }
}
