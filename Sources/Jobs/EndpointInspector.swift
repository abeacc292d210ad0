public import Endpoints
public import HoldfastCore
import Synchronization

/// Looks at resources' locations on threads of its own, and waits only so long: a network mount whose server is gone
/// blocks every call on it, and must not block the service.
///
/// At most ``threads`` looks run at once. A location whose last look has not come back is not looked at again until it
/// does, so that one dead mount holds one thread for each location on it and no more.
public final class EndpointInspector: Sendable {
    public static let threads = 8

    /// What a look found.
    public enum Finding: Sendable, Equatable {
        /// Of the right kind and readable; the size is nil when it is not known without reading.
        case reachable(sizeBytes: Int64?)
        /// One sentence says why.
        case unreachable(String)
        /// Not below an allowed root.
        case forbidden(String)
    }

    private let roots: AllowedRoots
    private let seams: Seams
    private let timeout: Duration
    private let look: @Sendable (SourceLocation) -> Inspection
    private let pool = NamedThreadPool(name: "inspect", threads: EndpointInspector.threads, queueMax: 256)
    private let unfinished = Mutex<Set<SourceLocation>>([])

    /// - Parameters:
    ///   - timeout: after this a location counts as unreachable.
    ///   - look: blocks; replaced in tests.
    public init(
        roots: AllowedRoots, timeout: Duration = .seconds(5), seams: Seams,
        look: @escaping @Sendable (SourceLocation) -> Inspection = { Endpoints.inspect($0) }
    ) {
        self.roots = roots
        self.timeout = timeout
        self.seams = seams
        self.look = look
    }

    deinit { pool.close() }

    public func find(_ location: SourceLocation) async throws -> Finding {
        guard unfinished.withLock({ $0.insert(location).inserted }) else { return Self.silent(location) }
        let first = FirstResult<Finding>()
        let pool = pool
        Task {
            // Ends when the look does, be it after minutes; only then may the location be looked at again.
            let result: Result<Finding, any Error>
            do { result = .success(try await pool.run { [self] in findBlocking(location) }) } catch {
                result = .failure(error)
            }
            _ = unfinished.withLock { $0.remove(location) }
            first.offer(result)
        }
        let timer = Task { [seams, timeout] in
            try await seams.sleep(timeout)
            first.offer(.success(Self.silent(location)))
        }
        defer { timer.cancel() }
        return try await first.value()
    }

    private func findBlocking(_ location: SourceLocation) -> Finding {
        do {
            let found = look(try roots.resolve(location))
            guard found.isReachable else {
                return .unreachable("\(location.path) is not a readable \(Self.kind(of: location))")
            }
            return .reachable(sizeBytes: found.sizeBytes)
        } catch {
            return error.code == .outsideAllowedRoots ? .forbidden(error.message) : .unreachable(error.message)
        }
    }

    private static func silent(_ location: SourceLocation) -> Finding {
        .unreachable("\(location.path) does not answer: its file system may be on a server that is gone")
    }

    private static func kind(of location: SourceLocation) -> String {
        switch location {
        case .tree: "directory"
        case .image: "image file or block device"
        }
    }
}
