import Repository

/// One member of an archive, before its contents.
struct TarMember {
    enum Kind {
        /// - Parameter dataRuns: nil for a file without holes.
        case file(sizeBytes: Int64, dataRuns: [Range<Int64>]?)
        case directory
        case symbolicLink(target: [UInt8])
        /// Another name of a member that came before.
        case hardLink(to: [UInt8])
        case pipe
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
    }

    /// Bytes without NUL.
    let path: [UInt8]
    let kind: Kind
    let mode: UInt32
    let owner: UInt32
    let group: UInt32
    let modified: ItemTime
    let extendedAttributes: [ExtendedAttribute]
}
