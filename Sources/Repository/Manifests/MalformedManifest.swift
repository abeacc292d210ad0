/// A manifest node whose bytes are authentic but make no sense: made by a newer version, or by a fault of ours.
public struct MalformedManifest: Error, Sendable, Equatable {
    /// What was expected, in a few words.
    public let reason: String

    init(_ reason: String) { self.reason = reason }
}

extension MalformedManifest {
    public static let notADirectory = MalformedManifest("the root is not a directory")
    public static let improperName = MalformedManifest("improper name")
    public static let wrongLength = MalformedManifest("contents are not as long as they should be")
}
