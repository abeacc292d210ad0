import HoldfastCore

/// Says which domain's key named the chunks of a pack, without holding the domain's text: SHA-256 of its UTF-8 bytes.
///
/// Stored only inside sealed records.
struct DomainTag: Hashable, Sendable {
    static let sizeBytes = 32

    let bytes: [UInt8]

    init(domain: String) throws(RepositoryError) { bytes = try Digest.sha256(Array(domain.utf8)) }

    /// - Returns: nil unless there are exactly 32 bytes.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.sizeBytes else { return nil }
        self.bytes = Array(bytes)
    }
}
