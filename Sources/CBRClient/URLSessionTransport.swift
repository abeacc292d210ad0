import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Speaks HTTP with Foundation's `URLSession`: no cookies, no cache, no redirects to other hosts' secrets.
public struct URLSessionTransport: HTTPTransport {
    private let session: URLSession
    private let timeout: Duration

    /// - Parameter timeout: how long a request may go without a byte from the service.
    public init(timeout: Duration = .seconds(60)) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Self.seconds(timeout)
        configuration.httpShouldSetCookies = false
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        self.timeout = timeout
        session = URLSession(configuration: configuration)
    }

    public func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        var urlRequest = URLRequest(url: request.url, timeoutInterval: Self.seconds(timeout))
        urlRequest.httpMethod = request.method.rawValue
        urlRequest.httpBody = request.body
        for (name, value) in request.headers { urlRequest.setValue(value, forHTTPHeaderField: name) }
        do {
            let (body, response) = try await session.data(for: urlRequest)
            guard let answer = response as? HTTPURLResponse else {
                throw ClientError(.answerUnreadable, "\(Self.origin(request.url)) did not answer with HTTP")
            }
            var headers: [String: String] = [:]
            for (name, value) in answer.allHeaderFields {
                headers["\(name)".lowercased()] = "\(value)"
            }
            return HTTPAnswer(status: answer.statusCode, headers: headers, body: body)
        } catch let error as URLError {
            throw Self.failure(error, url: request.url, timeout: timeout)
        }
    }

    private static func failure(_ error: URLError, url: URL, timeout: Duration) -> any Error {
        let origin = origin(url)
        switch error.code {
        case .cancelled:
            return CancellationError()
        case .timedOut:
            let seconds = timeout.components.seconds
            return ClientError(.timedOut, "\(origin) did not answer within \(seconds) s", cause: error)
        case .cannotFindHost, .dnsLookupFailed:
            return ClientError(
                .serverUnreachable, "cannot reach \(origin): the host name is unknown", cause: error)
        case .networkConnectionLost:
            return ClientError(
                .serverUnreachable, "the connection to \(origin) broke before the answer was complete", cause: error)
        default:
            return ClientError(
                .serverUnreachable, "cannot reach \(origin): is the server running there?", cause: error)
        }
    }

    /// Scheme, host and port: what a person needs to see; paths and queries may hold ids.
    static func origin(_ url: URL) -> String {
        let port = url.port.map { ":\($0)" } ?? ""
        return "\(url.scheme ?? "http")://\(url.host ?? "?")\(port)"
    }

    private static func seconds(_ duration: Duration) -> TimeInterval {
        TimeInterval(duration.components.seconds) + TimeInterval(duration.components.attoseconds) / 1e18
    }
}
