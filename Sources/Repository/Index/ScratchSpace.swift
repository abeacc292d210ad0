/// A folder on a local disk for what is too large for memory and need not outlive the process: an index of millions of
/// chunks. Files in it have no name, so nothing is left behind; they hold truncated names of chunks and where they are.
public struct ScratchSpace: Sendable {
    let path: String
    let memorySlotsMax: Int

    /// - Parameter path: made, for its owner only, when it is needed.
    public init(path: String) { self.init(path: path, memorySlotsMax: SlotStorage.memorySlotsMax) }

    /// - Parameter memorySlotsMax: of an index; more slots go to a file.
    init(path: String, memorySlotsMax: Int) {
        self.path = path
        self.memorySlotsMax = memorySlotsMax
    }
}
