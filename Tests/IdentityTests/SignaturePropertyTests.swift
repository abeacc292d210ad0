import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Identity

@Suite("Signatures over made-up requests")
struct SignaturePropertyTests {
    static let secret = "sk/Made+up=secret"
    static let now = Date(timeIntervalSince1970: 1_750_000_000)

    /// Goal: what a client signs is accepted. Method: random methods, raw paths, queries, headers and bodies.
    @Test("a signed request is accepted, however its headers are ordered and spelt", arguments: UInt64(1)...60)
    func accepted(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var request = Self.signed(&random)

        try Self.verify(request)

        request.headers.shuffle(using: &random)
        request.headers = request.headers.map { ($0.name.uppercased(), "  \($0.value)\t") }
        try Self.verify(request)
    }

    @Test("the order in which query fields arrive does not matter", arguments: UInt64(1)...20)
    func queryOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var request = Self.signed(&random)
        request.query = request.query.split(separator: "&").shuffled(using: &random).joined(separator: "&")
        try Self.verify(request)
    }

    /// Goal: no signed part can be changed. Method: change one random place of each part of a random signed request.
    @Test("a request with any part changed is refused", arguments: UInt64(1)...60)
    func changed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good = Self.signed(&random)
        var bad: [(what: String, request: SignedRequest)] = []
        func change(_ what: String, _ body: (inout SignedRequest) -> Void) {
            var request = good
            body(&request)
            bad.append((what, request))
        }
        change("method") { $0.method = $0.method == "GET" ? "DELETE" : "GET" }
        change("path") { $0.path += "/more" }
        change("shorter path") { $0.path = String($0.path.dropLast()) }
        change("query") { $0.query += ($0.query.isEmpty ? "" : "&") + "extra=1" }
        change("body") { $0.body.append(UInt8.random(in: 0...255, using: &random)) }
        if !good.body.isEmpty {
            let index = Int.random(in: 0..<good.body.count, using: &random)
            change("byte of body") { $0.body[index] ^= 1 << UInt8.random(in: 0...7, using: &random) }
        }
        for index in good.headers.indices where good.headers[index].name != "Authorization" {
            change("header \(good.headers[index].name)") { $0.headers[index].value += "x" }
            change("no header \(good.headers[index].name)") { $0.headers.remove(at: index) }
            change("header twice \(good.headers[index].name)") { $0.headers.append($0.headers[index]) }
        }
        change("digit of the signature") { request in
            let last = request.headers.count - 1
            let text = request.headers[last].value
            request.headers[last].value = text.dropLast() + (text.hasSuffix("0") ? "1" : "0")
        }
        change("authorization twice") { $0.headers.append($0.headers[$0.headers.count - 1]) }

        for (what, request) in bad {
            #expect(throws: SignatureVerifier.Refusal.self, "\(what)") { try Self.verify(request) }
        }
    }

    @Test("a plus in a query is signed as the space that it is read as")
    func plus() throws {
        let signer = RequestSigner(accessKey: "AK", secret: Self.secret)
        var request = signer.signed(
            SignedRequest(method: "GET", path: "/v3", query: "name=a%20b", headers: [], body: []), at: Self.now)
        request.query = "name=a+b"
        try Self.verify(request)
        request.query = "name=a%2Bb"
        #expect(throws: SignatureVerifier.Refusal.signatureDiffers) { try Self.verify(request) }
    }

    @Test(
        "an Authorization header of another form is refused",
        arguments: [
            "", "SDK-HMAC-SHA256", "SDK-HMAC-SHA256 ",
            "sdk-hmac-sha256 Access=a, SignedHeaders=x-sdk-date, Signature=b",
            "SDK-HMAC-SM3 Access=AK, SignedHeaders=x-sdk-date, Signature=\(String(repeating: "0", count: 64))",
            "V11-HMAC-SHA256 Credential=AK/20260101/r/s, SignedHeaders=x-sdk-date, Signature=00",
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=x-sdk-date", "SDK-HMAC-SHA256 Access=AK, Access=AK",
            "SDK-HMAC-SHA256 Access=, SignedHeaders=x-sdk-date, Signature=\(String(repeating: "0", count: 64))",
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=, Signature=\(String(repeating: "0", count: 64))",
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=x-sdk-date, Signature=\(String(repeating: "0", count: 63))",
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=\(String(repeating: "a;", count: 65)), Signature=\(String(repeating: "0", count: 64))",
            "Basic YTpi", "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c", "=,=,=", "SDK-HMAC-SHA256 ,,,",
        ])
    func malformed(text: String) {
        let request = SignedRequest(
            method: "GET", path: "/", query: "", headers: [("authorization", text)], body: [])
        #expect(SignatureVerifier.accessKey(of: request) == nil)
        #expect(throws: SignatureVerifier.Refusal.malformedHeader) { try Self.verify(request) }
    }

    @Test(
        "a date of another form is refused",
        arguments: [
            "", "20250615", "20250615T150640", "2025-06-15T15:06:40Z", "20250615T150640z", "20251315T150640Z",
            "20250632T150640Z", "20250615T240640Z", "+0250615T150640Z", "２０２５0615T1506Z", "99999999T999999Z",
        ])
    func dates(text: String) { #expect(SignatureDate.parse(text) == nil) }

    @Test("dates are read as they are written", arguments: [0, 951_782_400, 1_750_000_000, 4_102_444_799])
    func dateForm(seconds: Double) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(SignatureDate.parse(SignatureDate.text(date)) == date)
    }

    /// Goal: nothing that arrives makes the verifier accept or stop. Method: random damage to a good request's head.
    @Test("a damaged head is refused, and never stops the server", arguments: UInt64(1)...200)
    func damaged(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var request = Self.signed(&random)
        let index = request.headers.count - 1
        var bytes = Array(request.headers[index].value.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0...2, using: &random) {
            case 0: bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            case 1: bytes.remove(at: place)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard SignatureHeader(text) != SignatureHeader(request.headers[index].value) else { return }
        request.headers[index].value = text
        #expect((try? Self.verify(request)) == nil || SignatureVerifier.accessKey(of: request) != "AK")
    }

    // MARK: Made-up requests

    private static func verify(_ request: SignedRequest) throws(SignatureVerifier.Refusal) {
        try SignatureVerifier().verify(request, secret: secret, now: now + 60)
    }

    private static func signed(_ random: inout SeededGenerator) -> SignedRequest {
        let path = (0..<Int.random(in: 1...5, using: &random)).map { _ in "/" + piece(&random) }.joined()
        let query = (0..<Int.random(in: 0...5, using: &random)).map { _ in
            "\(piece(&random))=\(Bool.random(using: &random) ? piece(&random) : "")"
        }
        let headers = (0..<Int.random(in: 1...6, using: &random)).map { index in
            (name: "X-Made-\(index)", value: "v\(UInt32.random(in: 0...9999, using: &random)) #é;@")
        }
        let request = SignedRequest(
            method: ["GET", "POST", "PUT", "DELETE"].randomElement(using: &random) ?? "GET", path: path,
            query: query.joined(separator: "&"), headers: headers,
            body: random.bytes(Int.random(in: 0...300, using: &random)))
        return RequestSigner(accessKey: "AK", secret: secret).signed(request, at: now)
    }

    /// A piece of a path or query as it comes over the wire: encoded more than it must be, or less.
    private static func piece(_ random: inout SeededGenerator) -> String {
        let alphabet = [
            "a", "Z", "9", "-", "_", ".", "~", "%20", "%2F", "%c3%a9", "%E4%B8%AD", "!", "*", "'", "é", "%zz", "%",
        ]
        return (0..<Int.random(in: 1...8, using: &random)).map { _ in
            alphabet.randomElement(using: &random) ?? "a"
        }.joined()
    }
}
