import Foundation

/// What a string must be. Lengths count Unicode scalars, as the interface's "characters" do.
public struct TextRule: Sendable {
    let count: ClosedRange<Int>
    /// What each scalar must be, and the same in words.
    let allows: (@Sendable (Unicode.Scalar) -> Bool)?
    let allowed: String

    init(
        _ count: ClosedRange<Int>, allowed: String = "", _ allows: (@Sendable (Unicode.Scalar) -> Bool)? = nil
    ) {
        self.count = count
        self.allows = allows
        self.allowed = allowed
    }

    func check(_ text: String, field: String) throws(FieldError) {
        let scalars = text.unicodeScalars
        guard count.contains(scalars.count) else {
            let limits =
                count.lowerBound == count.upperBound
                ? "exactly \(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
            throw FieldError(field: field, rule: "must have \(limits) characters, not \(scalars.count)")
        }
        // No catalog can store it.
        guard !text.utf8.contains(0) else {
            throw FieldError(field: field, rule: "must not contain the NUL character (U+0000)")
        }
        if let allows, !scalars.allSatisfy(allows) {
            throw FieldError(field: field, rule: "may contain only \(allowed)")
        }
    }
}

extension TextRule {
    public static let any = TextRule(0...Int.max)
    /// An id as a path or a list names it; whether it exists is another question.
    static let id = TextRule(1...255)
    /// Names of restore points: `^[a-zA-Z0-9_-]*$`, 1 to 64.
    static let checkpointName = TextRule(1...64, allowed: "letters, digits, '_' and '-'", isWordCharacter)
    /// Names of vaults and backups: as above, and CJK ideographs U+4E00–U+9FA5 and U+F900–U+FA2D.
    static let name = TextRule(1...64, allowed: nameCharacters, isNameCharacter)
    /// What names of backups begin with: their characters, up to 32.
    static let prefix = TextRule(0...32, allowed: nameCharacters, isNameCharacter)
    /// `^[^<>]*$`.
    static func description(_ maximum: Int) -> TextRule {
        TextRule(0...maximum, allowed: "characters other than '<' and '>'") { $0 != "<" && $0 != ">" }
    }
    /// A restore point's description: by length alone.
    static let checkpointDescription = TextRule(0...255)
    static let resourceName = TextRule(0...255)
    /// `^[a-zA-Z0-9._-]*$`, up to 255.
    static let region = TextRule(0...255, allowed: "letters, digits, '.', '_' and '-'") {
        isWordCharacter($0) || $0 == "."
    }
    /// As above, and not empty.
    static let someRegion = TextRule(1...255, allowed: "letters, digits, '.', '_' and '-'") {
        isWordCharacter($0) || $0 == "."
    }
    /// Checked further where it is used.
    static let path = TextRule(1...4096)

    private static let nameCharacters = "letters, digits, CJK ideographs, '_' and '-'"
    private static let isNameCharacter: @Sendable (Unicode.Scalar) -> Bool = { scalar in
        isWordCharacter(scalar) || (0x4E00...0x9FA5).contains(scalar.value) || (0xF900...0xFA2D).contains(scalar.value)
    }
    private static let isWordCharacter: @Sendable (Unicode.Scalar) -> Bool = { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }
}
