import HoldfastCore
import Hummingbird
import NIOCore

/// Reads a request's body whole, within a size and a time.
struct BodyReader: Sendable {
    let seams: Seams

    /// - Parameters:
    ///   - bytesMax: its size at most.
    ///   - seconds: in which all of it has to arrive.
    /// - Throws: ``Refusal`` for a body that is too large, too slow, or ends early.
    func read(
        _ request: Request, atMost bytesMax: Int = Limits.bodyBytesMax, within seconds: Int = Limits.bodySeconds
    ) async throws -> [UInt8] {
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > bytesMax {
            throw Refusal.bodyTooLarge(bytesMax)
        }
        guard Self.isBodyExpected(request) else { return [] }
        let body = request.body
        let pause = seams.sleep
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                do {
                    return Array(buffer: try await body.collect(upTo: bytesMax))
                } catch is NIOTooManyBytesError {
                    throw Refusal.bodyTooLarge(bytesMax)
                } catch is CancellationError {
                    return nil
                } catch {
                    throw Refusal.bodyBroken
                }
            }
            group.addTask {
                try? await pause(.seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let bytes = first else { throw Refusal.bodyTooSlow(seconds) }
            return bytes
        }
    }

    /// Whether anything has to be waited for (RFC 9112, section 6.3). Most requests have no body, and a timer costs more than
    /// its time: called off, it stays in the runtime's heap until it would have fired, and its task with it.
    private static func isBodyExpected(_ request: Request) -> Bool {
        request.headers[.transferEncoding] != nil || (request.headers[.contentLength].map { $0 != "0" } ?? false)
    }
}
