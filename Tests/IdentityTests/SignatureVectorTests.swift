import Foundation
import Testing

@testable import Identity

@Suite("Request signatures of real clients")
struct SignatureVectorTests {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let access_key: String
        let secret_key: String
        let method: String
        let request_target: String
        let headers: [String: String]
        let body_utf8: String
        let canonical_request: String?
        let authorization: String
        let expect: String

        var testDescription: String { name }

        var request: SignedRequest {
            let target = request_target.split(separator: "?", maxSplits: 1).map(String.init)
            return SignedRequest(
                method: method, path: target[0], query: target.count == 2 ? target[1] : "",
                headers: headers.map { (name: $0.key, value: $0.value) } + [("Authorization", authorization)],
                body: Array(body_utf8.utf8))
        }
    }

    private struct File: Decodable { let vectors: [Vector] }

    static let vectors: [Vector] = {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/signature-vectors.json")
        return (try? JSONDecoder().decode(File.self, from: Data(contentsOf: path)))?.vectors ?? []
    }()

    /// 2026-11-23T15:00:00Z, the date in the vectors.
    static let now = Date(timeIntervalSince1970: 1_795_446_000)

    @Test("there are the fifteen good ones and the five tampered ones")
    func count() {
        #expect(Self.vectors.filter { $0.expect == "valid" }.count == 15)
        #expect(Self.vectors.filter { $0.expect == "invalid" }.count == 5)
    }

    @Test("good ones are accepted, tampered ones refused", arguments: vectors)
    func verdict(vector: Vector) throws {
        let verifier = SignatureVerifier(acceptsUnsignedPayload: true)
        #expect(SignatureVerifier.accessKey(of: vector.request) == vector.access_key)
        if vector.expect == "valid" {
            try verifier.verify(vector.request, secret: vector.secret_key, now: Self.now)
        } else {
            #expect(throws: SignatureVerifier.Refusal.self) {
                try verifier.verify(vector.request, secret: vector.secret_key, now: Self.now)
            }
        }
    }

    @Test("a wrong secret is refused", arguments: vectors)
    func wrongSecret(vector: Vector) {
        #expect(throws: SignatureVerifier.Refusal.self) {
            try SignatureVerifier(acceptsUnsignedPayload: true)
                .verify(vector.request, secret: vector.secret_key + "x", now: Self.now)
        }
    }

    @Test("a date more than 15 minutes off is refused, either way", arguments: [-901.0, 901, 86_400])
    func window(offset: Double) throws {
        let vector = try #require(Self.vectors.first)
        let verifier = SignatureVerifier()
        try verifier.verify(vector.request, secret: vector.secret_key, now: Self.now + offset.clamped(to: -900...900))
        #expect(throws: SignatureVerifier.Refusal.dateOutsideWindow) {
            try verifier.verify(vector.request, secret: vector.secret_key, now: Self.now + offset)
        }
    }

    @Test("a body that is left out of the signature is refused unless that is allowed")
    func unsignedPayload() throws {
        let vector = try #require(Self.vectors.first { $0.name == "post-non-json-content-type" })
        #expect(throws: SignatureVerifier.Refusal.unsignedPayload) {
            try SignatureVerifier().verify(vector.request, secret: vector.secret_key, now: Self.now)
        }
    }

    /// Goal: no part of what is signed can be changed. Method: change one thing at a time in every good vector.
    @Test("any change of a signed part is refused", arguments: vectors.filter { $0.expect == "valid" })
    func changes(vector: Vector) throws {
        let signed = try #require(SignatureHeader(vector.authorization)).names
        var changed: [SignedRequest] = []
        for (index, header) in vector.request.headers.enumerated() where signed.contains(header.name.lowercased()) {
            var request = vector.request
            request.headers[index].value += "0"
            changed.append(request)
        }
        var request = vector.request
        request.path += "x"
        changed.append(request)
        request = vector.request
        request.query += request.query.isEmpty ? "a=b" : "&a=b"
        changed.append(request)
        request = vector.request
        request.method = "PATCH"
        changed.append(request)
        if vector.headers.keys.allSatisfy({ $0.lowercased() != "x-sdk-content-sha256" }) {
            request = vector.request
            request.body.append(0)
            changed.append(request)
        }
        for request in changed {
            #expect(throws: SignatureVerifier.Refusal.self) {
                try SignatureVerifier(acceptsUnsignedPayload: true)
                    .verify(request, secret: vector.secret_key, now: Self.now)
            }
        }
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
