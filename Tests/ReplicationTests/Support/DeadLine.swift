import CBRClient
import Synchronization

/// Nobody is at the other end.
final class DeadLine: HTTPTransport {
    private let count = Mutex(0)

    var calls: Int { count.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        count.withLock { $0 += 1 }
        throw ClientError(.serverUnreachable, "nobody is there")
    }
}
