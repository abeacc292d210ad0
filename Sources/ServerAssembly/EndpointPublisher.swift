import Logging
import ServiceLifecycle
import Synchronization

/// Once connections are accepted: makes the first administrator, and writes down where the server really listens.
struct EndpointPublisher: Service {
    /// The port, once; with port 0 nobody knows it before.
    let ports: AsyncStream<Int>
    let host: String
    let region: String
    let firstStart: FirstStart
    let start: Start
    let logger: Logger

    /// Whether the start is over: before, clients may find no administrator, and no credentials to be one.
    final class Start: Sendable {
        struct NotDone: Error {}

        let isDone = Atomic(false)

        func check() throws {
            guard isDone.load(ordering: .acquiring) else { throw NotDone() }
        }
    }

    /// - Throws: ``StartError``, which ends the server: without an administrator nobody could use it.
    func run() async throws {
        guard let port = await ports.cancelOnGracefulShutdown().first(where: { _ in true }) else { return }
        let endpoint = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        do { try await firstStart.publish(region: region, endpoint: endpoint) } catch {
            throw StartError(message: "the first administrator could not be made: \(error)")
        }
        start.isDone.store(true, ordering: .releasing)
        logger.info("listening", metadata: ["endpoint": "\(endpoint)"])
        try? await gracefulShutdown()
    }
}
