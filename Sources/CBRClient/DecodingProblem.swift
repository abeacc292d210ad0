/// Says in words where JSON differs from what was expected.
enum DecodingProblem {
    static func sentence(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "lacks '\(path(context.codingPath + [key]))'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "has something unexpected at '\(path(context.codingPath))'"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            "has something unexpected at '\(path(context.codingPath))'"
        case .dataCorrupted: "is not JSON"
        @unknown default: "is not what was expected"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { key in key.intValue.map(String.init) ?? key.stringValue }.joined(separator: ".")
    }
}
