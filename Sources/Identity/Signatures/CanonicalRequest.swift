import Foundation
import HoldfastCore

/// The text that is hashed into the string to sign: method, path, query, headers, their names, and the body's hash.
struct CanonicalRequest {
    static let dateHeader = "x-sdk-date"
    static let contentHashHeader = "x-sdk-content-sha256"

    /// How the query is brought into order. Clients send it ordered already, but not all order it alike.
    enum QueryOrder: CaseIterable { case byKeyAndValue, asReceived }

    /// - Parameters:
    ///   - names: of the signed headers, lower case, in the order of signing.
    ///   - signedHeaders: the list as received.
    ///   - payloadHash: lower-case hex digits, or what the client declared instead.
    /// - Returns: nil when a header that should be signed is not in the request.
    static func text(
        _ request: SignedRequest, names: [String], signedHeaders: String, payloadHash: String, queryOrder: QueryOrder
    ) -> String? {
        var headers = ""
        for name in names {
            let values = request.values(of: name)
            guard !values.isEmpty else { return nil }
            for value in values.sorted() { headers += "\(name):\(value.trimmingSpaces)\n" }
        }
        return [
            request.method, path(request.path), query(request.query, order: queryOrder), headers, signedHeaders,
            payloadHash,
        ].joined(separator: "\n")
    }

    /// Every part of the decoded path encoded anew, with a `/` at the end.
    static func path(_ raw: String) -> String {
        let parts = URIEncoding.decode(raw).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let path = parts.map { URIEncoding.encode($0) }.joined(separator: "/")
        return path.hasSuffix("/") ? path : path + "/"
    }

    static func query(_ raw: String, order: QueryOrder) -> String {
        let pairs = raw.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            // A `+` is a space to whoever reads the query later, so it must be one here: what is signed is what is done.
            return (
                key: URIEncoding.decode(parts[0], plusIsSpace: true),
                value: parts.count == 2 ? URIEncoding.decode(parts[1], plusIsSpace: true) : []
            )
        }
        let ordered =
            switch order {
            case .asReceived: pairs
            case .byKeyAndValue:
                pairs.sorted { left, right in
                    left.key == right.key
                        ? left.value.lexicographicallyPrecedes(right.value)
                        : left.key.lexicographicallyPrecedes(right.key)
                }
            }
        return ordered.map { "\(URIEncoding.encode($0.key))=\(URIEncoding.encode($0.value))" }.joined(separator: "&")
    }
}
