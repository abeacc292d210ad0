import Foundation

/// Maps the interface's key spelling to Swift's and back, so that no type here spells either twice.
enum WireKeys {
    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in Key(swiftName((path.last ?? Key("")).stringValue)) }
        return decoder
    }()

    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .custom { path in Key(wireName((path.last ?? Key("")).stringValue)) }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    private static let acronyms: Set<String> = ["id", "url", "az"]

    /// `checkpoint_id` → `checkpointID`.
    static func swiftName(_ wire: String) -> String {
        let parts = wire.split(separator: "_").map(String.init)
        guard let first = parts.first, parts.count > 1 else { return wire }
        return first
            + parts.dropFirst().map {
                acronyms.contains($0) ? $0.uppercased() : $0.prefix(1).uppercased() + $0.dropFirst()
            }
            .joined()
    }

    /// `checkpointID` → `checkpoint_id`: a capital that follows a small letter or digit begins a piece.
    static func wireName(_ swift: String) -> String {
        var wire = ""
        var previousIsSmall = false
        for character in swift {
            if character.isUppercase, previousIsSmall { wire += "_" }
            wire += character.lowercased()
            previousIsSmall = !character.isUppercase
        }
        return wire
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { Int(stringValue) }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { self.init(String(intValue)) }
    }
}
