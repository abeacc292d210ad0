import Foundation

/// How answers become bytes: camel case here, underscores on the wire, keys in order so that equal answers are equal bytes.
public enum WireJSON {
    /// - Parameter verbatim: leaves the keys as they are, for the few answers that the interface writes in camel case.
    public static func encode(_ value: some Encodable, verbatim: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        if !verbatim { encoder.keyEncodingStrategy = .convertToSnakeCase }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
