import CBRWire
import HTTPTypes
import Hummingbird
import NIOCore

/// What a handler answers.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields = [:]
    var body: [UInt8] = []

    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, verbatim: Bool = false
    ) throws -> Answer {
        Answer(
            status: status, headers: [.contentType: "application/json"],
            body: try WireJSON.encode(value, verbatim: verbatim))
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Answer {
        Answer(status: .ok, headers: [.contentType: type], body: Array(text.utf8))
    }

    static func empty(_ status: HTTPResponse.Status) -> Answer { Answer(status: status) }

    /// - Parameter isHead: the body is left out, its length is told.
    func response(isHead: Bool) -> Response {
        var headers = headers
        if status != .noContent { headers[.contentLength] = "\(body.count)" }
        return Response(
            status: status, headers: headers,
            body: isHead || body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
