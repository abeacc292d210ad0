/// Reads one JSON text (RFC 8259), strictly, in one pass.
///
/// A request's body is read before its sender is known, so what reading costs is bounded: O(*n*) time; no more than
/// 24 bytes of memory per byte of text, beside the strings themselves; a stack of ``depthMax`` frames.
/// Where an object names a member twice, the last one counts.
struct JSONReader {
    /// The documented bodies nest less than ten deep.
    static let depthMax = 64

    private let bytes: [UInt8]
    private var place = 0

    /// - Throws: ``FieldError`` about `body`, with what is wrong and the byte where it is.
    static func read(_ bytes: [UInt8]) throws(FieldError) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.place == bytes.count else { throw reader.problem("something follows the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func problem(_ what: String) -> FieldError {
        FieldError(field: "body", rule: "must be JSON (RFC 8259); \(what), at byte \(place)")
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(FieldError) -> JSONValue {
        guard depth < Self.depthMax else { throw problem("it nests deeper than \(Self.depthMax)") }
        skipBlanks()
        guard let first = next else { throw problem("it ends where a value should stand") }
        switch first {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .list(try list(depth: depth))
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw problem("there is no value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(FieldError) -> JSONValue {
        let isThere = word.withUTF8Buffer { bytes.dropFirst(place).starts(with: $0) }
        guard isThere else { throw problem("there is no value") }
        place += word.utf8CodeUnitCount
        return value
    }

    private mutating func list(depth: Int) throws(FieldError) -> [JSONValue] {
        place += 1
        skipBlanks()
        if take(UInt8(ascii: "]")) { return [] }
        var values: [JSONValue] = []
        while true {
            values.append(try value(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return values }
            guard take(UInt8(ascii: ",")) else { throw problem("a list goes on without a comma") }
        }
    }

    private mutating func object(depth: Int) throws(FieldError) -> [String: JSONValue] {
        place += 1
        skipBlanks()
        if take(UInt8(ascii: "}")) { return [:] }
        var members: [String: JSONValue] = [:]
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw problem("an object's member has no name") }
            let name = try text()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw problem("a name has no colon after it") }
            members[name] = try value(depth: depth + 1)
            skipBlanks()
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else { throw problem("an object goes on without a comma") }
        }
    }

    // MARK: Numbers

    private mutating func digits() -> Int {
        let start = place
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place - start
    }

    private mutating func number() throws(FieldError) -> JSONValue {
        let start = place
        _ = take(UInt8(ascii: "-"))
        // A zero stands alone: 01 is no number.
        if !take(UInt8(ascii: "0")), digits() == 0 { throw problem("a number has no digits") }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard digits() > 0 else { throw problem("a number has no digits behind its point") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw problem("a number has no digits in its exponent") }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let whole = Int64(text) { return .integer(whole) }
        guard let number = Double(text) else { throw problem("a number can't be read") }
        return .number(number)
    }

    // MARK: Strings

    private mutating func text() throws(FieldError) -> String {
        place += 1
        var plain: [UInt8] = []
        var start = place
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                plain += bytes[start..<place]
                place += 1
                guard let text = String(validating: plain, as: UTF8.self) else {
                    throw problem("a string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                plain += bytes[start..<place]
                place += 1
                plain += try escaped().utf8
                start = place
            case 0..<0x20: throw problem("a string holds a control character")
            default: place += 1
            }
        }
        throw problem("a string does not end")
    }

    /// What follows a backslash.
    private mutating func escaped() throws(FieldError) -> Character {
        guard let byte = next else { throw problem("a string does not end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try escapedScalar())
        default: throw problem("a string holds an unknown escape")
        }
    }

    /// Four hex digits, or two times four for a scalar beyond U+FFFF.
    private mutating func escapedScalar() throws(FieldError) -> Unicode.Scalar {
        let first = try codeUnit()
        guard UTF16.isLeadSurrogate(first) else {
            guard let scalar = Unicode.Scalar(first) else { throw problem("a string holds half a character") }
            return scalar
        }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw problem("a string holds half a character")
        }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw problem("a string holds half a character") }
        return scalar
    }

    private mutating func codeUnit() throws(FieldError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Self.hexDigit(byte) else {
                throw problem("an escape needs four hex digits")
            }
            unit = unit << 4 | digit
            place += 1
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
