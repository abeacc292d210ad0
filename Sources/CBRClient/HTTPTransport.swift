public import Foundation

/// One request as the client builds it: an absolute URL, header fields, and a body kept in memory.
public struct HTTPRequest: Sendable, Equatable {
    public enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }

    public var method: Method
    public var url: URL
    public var headers: [String: String]
    public var body: Data?

    public init(method: Method, url: URL, headers: [String: String] = [:], body: Data? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One whole answer. Header names are in lower case.
public struct HTTPAnswer: Sendable, Equatable {
    public var status: Int
    public var headers: [String: String]
    public var body: Data

    public init(status: Int, headers: [String: String] = [:], body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public var isSuccess: Bool { (200..<300).contains(status) }
}

/// Carries one request to the service and its answer back.
///
/// Every implementation guarantees:
/// - an answer of any status is returned, never thrown;
/// - what is thrown is a ``ClientError`` with `.serverUnreachable` or `.timedOut`, or `CancellationError`.
public protocol HTTPTransport: Sendable {
    func send(_ request: HTTPRequest) async throws -> HTTPAnswer
}
