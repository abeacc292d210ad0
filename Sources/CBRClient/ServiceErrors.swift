import Foundation

/// Turns an answer that is not a success into one sentence.
enum ServiceErrors {
    /// The service's own body, or Keystone's on the identity paths.
    private struct Body: Decodable {
        struct Keystone: Decodable { let message: String? }
        let code: String?
        let message: String?
        let error: Keystone?

        enum CodingKeys: String, CodingKey {
            case error
            case code = "error_code"
            case message = "error_msg"
        }
    }

    /// - Parameter attempted: what was being done, such as `creating vault 'x'`; begins the sentence.
    static func refusal(_ answer: HTTPAnswer, attempted: String) -> ClientError {
        let body = try? JSONDecoder().decode(Body.self, from: answer.body)
        let said = body?.message ?? body?.error?.message
        var sentence =
            attempted + " failed: " + (said.map(oneLine) ?? "the server answered with status \(answer.status)")
        if let code = body?.code { sentence += " (\(code))" }
        let code: ClientError.Code = answer.status == 401 ? .notAuthenticated : .refused
        return ClientError(code, sentence, status: answer.status, errorCode: body?.code)
    }

    /// Errors are one line on standard error, whatever the server wrote.
    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
