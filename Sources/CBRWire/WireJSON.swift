/// How answers become bytes: camel case here, underscores on the wire, names in the order of their declaration so that equal
/// answers are equal bytes.
public enum WireJSON {
    /// - Parameter verbatim: leaves the keys as they are, for the few answers that the interface writes in camel case.
    public static func encode(_ value: some Encodable, verbatim: Bool = false) throws -> [UInt8] {
        let text = JSONText()
        try JSONTextEncoder(text: text, converts: !verbatim).write(value)
        return text.bytes
    }
}
