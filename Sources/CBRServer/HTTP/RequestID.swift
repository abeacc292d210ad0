import Foundation
import HoldfastCore

/// The id that ties an answer, its log lines and its operations together.
enum ServiceRequestID {
    static let header = "x-request-id"
    static let charactersMax = 64

    /// The client's own id when it is sane, else a new one.
    static func choose(_ given: String?, randomBytes: @Sendable (_ count: Int) -> Data) -> String {
        if let given, (1...charactersMax).contains(given.utf8.count),
            given.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            })
        {
            return given
        }
        return Hex.encode(randomBytes(16))
    }
}
