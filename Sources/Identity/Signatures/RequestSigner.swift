public import Foundation
import HoldfastCore

/// Signs requests as clients do: the other side of ``SignatureVerifier``.
public struct RequestSigner: Sendable, CustomStringConvertible {
    private let accessKey: String
    private let secret: String

    public init(accessKey: String, secret: String) {
        self.accessKey = accessKey
        self.secret = secret
    }

    public var description: String { "<signer with \(accessKey)>" }

    /// The request with `X-Sdk-Date` and `Authorization` added, and all its headers signed.
    ///
    /// - Parameter request: without those two headers.
    public func signed(_ request: SignedRequest, at date: Date) -> SignedRequest {
        var request = request
        let text = SignatureDate.text(date)
        request.headers.append((CanonicalRequest.dateHeader, text))
        let names = Set(request.headers.map { $0.name.lowercased() }).sorted()
        let signedHeaders = names.joined(separator: ";")
        let canonical =
            CanonicalRequest.text(
                request, names: names, signedHeaders: signedHeaders,
                payloadHash: Hex.encode(Hashing.sha256(request.body)), queryOrder: .byKeyAndValue) ?? ""
        let signature = SignatureVerifier.signature(of: canonical, date: text, secret: secret)
        request.headers.append(
            (
                "Authorization",
                "\(SignatureHeader.algorithm) Access=\(accessKey), SignedHeaders=\(signedHeaders), Signature=\(signature)"
            ))
        return request
    }
}
