import AsyncHTTPClient
import CBRClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Speaks HTTP with one peer, over TLS with the certificate authorities that were set up for it. Follows no redirects: the
/// token and the data go to the peer alone.
final class PeerTransport: HTTPTransport {
    /// An answer is the list of some vaults, or one chunk.
    static let answerBytesMax = 16 << 20

    private let client: HTTPClient
    private let origin: String
    private let timeout: Duration

    /// - Parameter timeout: for one call as a whole.
    init(_ peer: Peer, timeout: Duration) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = peer.certificateAuthorities { tls.trustRoots = .file(file) }
        tls.minimumTLSVersion = .tlsv12
        client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPClient.Configuration(
                tlsConfiguration: tls, redirectConfiguration: .disallow,
                timeout: .init(connect: .seconds(10)), decompression: .disabled))
        origin = peer.endpoint
        self.timeout = timeout
    }

    /// The client wants to be told; it ends its connections by itself then.
    deinit { client.shutdown { _ in } }

    func send(_ request: CBRClient.HTTPRequest) async throws -> HTTPAnswer {
        var outgoing = HTTPClientRequest(url: request.url.absoluteString)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in request.headers { outgoing.headers.replaceOrAdd(name: name, value: value) }
        if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await client.execute(
                outgoing, timeout: .milliseconds(Int64(timeout / .milliseconds(1))))
            let body = try await response.body.collect(upTo: Self.answerBytesMax)
            var headers: [String: String] = [:]
            for header in response.headers { headers[header.name.lowercased()] = header.value }
            return HTTPAnswer(status: Int(response.status.code), headers: headers, body: Data(body.readableBytesView))
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as HTTPClientError where error == .cancelled {
            throw CancellationError()
        } catch let error as HTTPClientError
            where error == .deadlineExceeded || error == .readTimeout || error == .connectTimeout
        {
            throw ClientError(.timedOut, "\(origin) did not answer in time", cause: error)
        } catch is NIOTooManyBytesError {
            throw ClientError(.answerUnreadable, "\(origin) answered with more than it may")
        } catch {
            throw ClientError(.serverUnreachable, "cannot reach \(origin): \(Self.reason(error))", cause: error)
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case is NIOSSLError, is NIOSSLExtraError: "its certificate is not trusted, or TLS failed (\(error))"
        default: "\(error)"
        }
    }
}
