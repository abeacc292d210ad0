import HoldfastCore

/// Small objects that are not sealed, because whoever has no key must be able to read them: the SHA-256 of the text in
/// lower-case hex, a line end, the text. So a changed byte is noticed.
enum HashedText {
    static func encoded(_ text: [UInt8]) throws(RepositoryError) -> [UInt8] {
        Array(Hex.encode(try Digest.sha256(text)).utf8) + [UInt8(ascii: "\n")] + text
    }

    /// - Returns: nil when the hash is not that of the text.
    static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let text = Array(bytes[(end + 1)...])
        guard let hash = try? Digest.sha256(text), bytes[..<end].elementsEqual(Hex.encode(hash).utf8) else {
            return nil
        }
        return text
    }
}

/// The markers that a plan of a prune waits for: their names, a line each.
enum WaitNote {
    static func encoded(_ names: Set<String>) throws(RepositoryError) -> [UInt8] {
        try HashedText.encoded(Array(names.sorted().joined(separator: "\n").utf8))
    }

    /// - Returns: nil when the note is damaged.
    static func names(in bytes: [UInt8]) -> Set<String>? {
        HashedText.decode(bytes).map {
            Set(String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init))
        }
    }
}
