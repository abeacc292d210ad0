/// The name of an object: parts of `A–Z a–z 0–9 . _ -`, joined by `/`.
///
/// No part is empty, `.` or `..`, so a key can never lead out of the place where a store keeps its objects.
public struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    public static let bytesMax = 200

    public let text: String

    /// - Throws: ``ObjectStoreError`` with `.badKey` when the text breaks a rule above or is longer than `bytesMax`.
    public init(_ text: String) throws(ObjectStoreError) {
        var text = text
        guard text.withUTF8({ Self.isValid($0) }) else { throw .badKey(text) }
        self.text = text
    }

    public var description: String { text }

    /// What follows the last `/`.
    public var name: String {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return text }
        return String(text[text.utf8.index(after: slash)...])
    }

    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    /// In one pass, as a list makes a key of each of its entries.
    private static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= bytesMax else { return false }
        var partBytes = 0
        var isDots = true
        for byte in bytes {
            if byte == UInt8(ascii: "/") {
                guard isPart(bytes: partBytes, isDots: isDots) else { return false }
                (partBytes, isDots) = (0, true)
            } else {
                guard isAllowed(byte) else { return false }
                partBytes += 1
                isDots = isDots && byte == UInt8(ascii: ".")
            }
        }
        return isPart(bytes: partBytes, isDots: isDots)
    }

    /// Neither empty, nor `.`, nor `..`.
    private static func isPart(bytes: Int, isDots: Bool) -> Bool { bytes > (isDots ? 2 : 0) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
