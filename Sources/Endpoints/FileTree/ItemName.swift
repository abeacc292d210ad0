/// One name in a directory: 1–255 bytes, any but `/` and NUL. Not text: it need not be UTF-8.
package struct ItemName: Hashable, Sendable, Comparable {
    package let bytes: [UInt8]

    /// - Returns: nil for what can't be a name in a directory, `.` and `..` included.
    package init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, bytes.count <= 255, !bytes.contains(0), !bytes.contains(UInt8(ascii: "/")),
            bytes != [UInt8(ascii: ".")], bytes != [UInt8(ascii: "."), UInt8(ascii: ".")]
        else { return nil }
        self.bytes = bytes
    }

    /// For names that the system itself has given.
    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// In the order of their bytes.
    package static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

    /// The name as the system wants it, valid during the call.
    package func withCString<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var terminated = ContiguousArray<CChar>()
        terminated.reserveCapacity(bytes.count + 1)
        for byte in bytes { terminated.append(CChar(bitPattern: byte)) }
        terminated.append(0)
        return try terminated.withUnsafeBufferPointer { pointer throws(Failure) in
            guard let base = pointer.baseAddress else { preconditionFailure("an array of a NUL has an address") }
            return try body(base)
        }
    }
}

/// Paths as people see them.
package enum PathText {
    /// The parts joined by `/`. Bytes that are not printable UTF-8, and `\`, are written `\xHH`.
    package static func printable(_ parts: some Sequence<[UInt8]>) -> String {
        parts.map(printable).joined(separator: "/")
    }

    package static func printable(_ bytes: [UInt8]) -> String {
        // Most names are ASCII, and a backup asks for each.
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        if let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" && $0.isPrintable })
        {
            return text
        }
        return bytes.map { byte in
            byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\")
                ? String(UnicodeScalar(byte)) : "\\x" + hexDigits(byte)
        }.joined()
    }

    private static func hexDigits(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }
}

extension UnicodeScalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
