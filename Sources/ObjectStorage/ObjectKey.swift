/// The name of an object: parts of `A–Z a–z 0–9 . _ -`, joined by `/`.
///
/// No part is empty, `.` or `..`, so a key can never lead out of the place where a store keeps its objects.
public struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    public static let bytesMax = 200

    public let text: String

    /// - Throws: ``ObjectStoreError`` with `.badKey` when the text breaks a rule above or is longer than `bytesMax`.
    public init(_ text: String) throws(ObjectStoreError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isValid =
            !text.isEmpty && text.utf8.count <= Self.bytesMax
            && parts.allSatisfy { part in
                !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
                    && part.allSatisfy(Self.isAllowed)
            }
        guard isValid else { throw .badKey(text) }
        self.text = text
    }

    public var description: String { text }

    /// What follows the last `/`.
    public var name: String { String(text.split(separator: "/").last ?? "") }

    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
