/// JSON as it is written: from left to right, each object and list closed once something outside it is written.
///
/// Encoders hold one of these together, so that no part of an answer is kept as a tree before it is bytes.
final class JSONText {
    private enum Bracket: UInt8 {
        case object = 0x7D
        case list = 0x5D
    }

    private(set) var bytes: [UInt8] = []
    private var open: [Bracket] = []
    private var isFirst = true

    init() { bytes.reserveCapacity(1024) }

    /// How many objects and lists are open.
    var depth: Int { open.count }

    /// - Returns: the depth at which its members are written.
    func beginObject() -> Int {
        begin(0x7B, .object)
    }

    func beginList() -> Int {
        begin(0x5B, .list)
    }

    private func begin(_ byte: UInt8, _ bracket: Bracket) -> Int {
        bytes.append(byte)
        open.append(bracket)
        isFirst = true
        return open.count
    }

    /// Closes whatever was begun inside `depth` and is still open.
    func close(to depth: Int) {
        while open.count > depth, let bracket = open.popLast() {
            bytes.append(bracket.rawValue)
            isFirst = false
        }
    }

    /// Begins the next member of the object at `depth`.
    ///
    /// - Parameter converts: whether to write the name with underscores.
    func key(_ name: String, depth: Int, converts: Bool) {
        element(depth: depth)
        if converts { appendUnderscored(name) } else { string(name) }
        bytes.append(UInt8(ascii: ":"))
    }

    /// Begins the next element of the list at `depth`.
    func element(depth: Int) {
        close(to: depth)
        if isFirst { isFirst = false } else { bytes.append(UInt8(ascii: ",")) }
    }

    func null() { bytes.append(contentsOf: "null".utf8) }
    func boolean(_ value: Bool) { bytes.append(contentsOf: (value ? "true" : "false").utf8) }
    func integer(_ value: some BinaryInteger) { bytes.append(contentsOf: String(value).utf8) }

    /// - Parameter value: finite. The shortest text that reads back as the same number.
    func number(_ value: Double) {
        let text = value.description
        bytes.append(contentsOf: (text.hasSuffix(".0") ? text.dropLast(2) : text[...]).utf8)
    }

    /// In quotes; escaped is only what has to be (RFC 8259, section 7).
    func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { characters in
            var begin = 0
            for (index, byte) in characters.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: characters[begin..<index]))
                appendEscaped(byte)
                begin = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: characters[begin...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func appendEscaped(_ byte: UInt8) {
        let short: Character? =
            switch byte {
            case 0x22: "\""
            case 0x5C: "\\"
            case 0x08: "b"
            case 0x0C: "f"
            case 0x0A: "n"
            case 0x0D: "r"
            case 0x09: "t"
            default: nil
            }
        if let short {
            bytes.append(contentsOf: "\\\(short)".utf8)
        } else {
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
        }
    }

    /// `vaultID` → `vault_id`, `backupURLPrefix` → `backup_url_prefix`: a word begins at a capital after a small letter, and at the
    /// last of several capitals when a small letter follows. Names are ASCII without characters to escape.
    private func appendUnderscored(_ name: String) {
        var name = name
        name.withUTF8 { characters in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * characters.count + 2) { made in
                var count = 0
                func add(_ byte: UInt8) {
                    made[count] = byte
                    count += 1
                }
                add(UInt8(ascii: "\""))
                for (index, byte) in characters.enumerated() {
                    guard Self.isCapital(byte) else {
                        add(byte)
                        continue
                    }
                    if index > 0, characters[index - 1] != 0x5F {
                        let beginsWord = index + 1 < characters.count && Self.isSmall(characters[index + 1])
                        if beginsWord || !Self.isCapital(characters[index - 1]) { add(0x5F) }
                    }
                    add(byte | 0x20)
                }
                add(UInt8(ascii: "\""))
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: made[..<count]))
            }
        }
    }

    private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isSmall(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}
