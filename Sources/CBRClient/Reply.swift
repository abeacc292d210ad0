public import Foundation

/// What a call gave: the typed value, and the JSON as it came.
public struct Reply<Value: Sendable>: Sendable {
    public let value: Value
    /// The body of the answer, unchanged; empty where the interface answers without one.
    public let json: Data

    public init(value: Value, json: Data) {
        self.value = value
        self.json = json
    }
}

extension ServiceClient {
    /// Sends one call and decodes its answer.
    func call<Value: Decodable & Sendable>(
        _ method: HTTPRequest.Method, _ path: [String], in area: Area = .cbr, query: [(String, String)] = [],
        body: (any Encodable)? = nil, as type: Value.Type = Value.self, attempted: String
    ) async throws -> Reply<Value> {
        let answer = try await call(
            method, path, in: area, query: query, body: body.map { try WireKeys.encoder.encode($0) },
            attempted: attempted)
        do {
            return Reply(value: try WireKeys.decoder.decode(Value.self, from: answer.body), json: answer.body)
        } catch let error as DecodingError {
            throw ClientError(
                .answerUnreadable, "\(attempted) failed: the server's answer \(DecodingProblem.sentence(error))",
                status: answer.status, cause: error)
        }
    }
}
