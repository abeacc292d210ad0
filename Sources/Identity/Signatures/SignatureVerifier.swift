public import Foundation
import HoldfastCore

/// Checks `SDK-HMAC-SHA256` request signatures.
///
/// A request that is overheard can be repeated until its date is out of the window: the scheme has no nonce, so replay is
/// for TLS to prevent.
public struct SignatureVerifier: Sendable {
    /// Why a signature was not accepted. For logs; a client is told only that it must authenticate.
    public enum Refusal: String, Error, Sendable, CaseIterable {
        case malformedHeader, dateMissing, dateOutsideWindow, headerMissing, unsignedPayload, bodyHashDiffers
        case unknownKey, signatureDiffers
    }

    /// How far the request's date may be from the server's clock, either way.
    public static let windowSeconds: TimeInterval = 15 * 60

    private let acceptsUnsignedPayload: Bool

    /// - Parameter acceptsUnsignedPayload: whether a client may leave the body out of the signature. Every body of the
    ///   interface is JSON, which clients always sign, so the server says no.
    public init(acceptsUnsignedPayload: Bool = false) { self.acceptsUnsignedPayload = acceptsUnsignedPayload }

    /// The access key that a request claims; nil when it is not signed in this way.
    public static func accessKey(of request: SignedRequest) -> String? {
        request.values(of: "authorization").first.flatMap { SignatureHeader($0)?.accessKey }
    }

    /// - Parameter secret: of the access key that the request claims.
    public func verify(_ request: SignedRequest, secret: String, now: Date) throws(Refusal) {
        let authorization = request.values(of: "authorization")
        guard authorization.count == 1, let header = SignatureHeader(authorization[0]) else { throw .malformedHeader }
        let names = header.names
        let dates = request.values(of: CanonicalRequest.dateHeader)
        guard names.contains(CanonicalRequest.dateHeader), dates.count == 1 else { throw .dateMissing }
        let date = dates[0].trimmingSpaces
        guard let instant = SignatureDate.parse(date) else { throw .dateMissing }
        guard abs(instant.timeIntervalSince(now)) <= Self.windowSeconds else { throw .dateOutsideWindow }
        let payloadHash = try payloadHash(of: request)
        for order in CanonicalRequest.QueryOrder.allCases {
            guard
                let canonical = CanonicalRequest.text(
                    request, names: names, signedHeaders: header.signedHeaders, payloadHash: payloadHash,
                    queryOrder: order)
            else { throw .headerMissing }
            let signature = Self.signature(of: canonical, date: date, secret: secret)
            if Hashing.areEqual(Array(signature.utf8), Array(header.signature.utf8)) { return }
        }
        throw .signatureDiffers
    }

    /// The lower-case hex signature of a canonical request.
    static func signature(of canonical: String, date: String, secret: String) -> String {
        let hash = Hex.encode(Hashing.sha256(Array(canonical.utf8)))
        let text = "\(SignatureHeader.algorithm)\n\(date)\n\(hash)"
        return Hex.encode(Hashing.hmacSHA256(key: Array(secret.utf8), Array(text.utf8)))
    }

    private func payloadHash(of request: SignedRequest) throws(Refusal) -> String {
        let actual = Hex.encode(Hashing.sha256(request.body))
        guard !request.body.isEmpty, let declared = request.values(of: CanonicalRequest.contentHashHeader).first else {
            return actual
        }
        if declared == "UNSIGNED-PAYLOAD" {
            guard acceptsUnsignedPayload else { throw .unsignedPayload }
        } else if declared.lowercased() != actual {
            throw .bodyHashDiffers
        }
        return declared
    }
}

/// `YYYYMMDDTHHMMSSZ`, UTC.
enum SignatureDate {
    static func text(_ date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func padded(_ value: Int?, _ digits: Int) -> String {
            let text = String(value ?? 0)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        return padded(parts.year, 4) + padded(parts.month, 2) + padded(parts.day, 2) + "T" + padded(parts.hour, 2)
            + padded(parts.minute, 2) + padded(parts.second, 2) + "Z"
    }

    private static var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }

    static func parse(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            guard bytes[range].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            return Int(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8), let hour = number(9..<11),
            let minute = number(11..<13), let second = number(13..<15), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        return calendar.date(
            from: DateComponents(year: year, month: month, day: day, hour: hour, minute: minute, second: second))
    }
}
