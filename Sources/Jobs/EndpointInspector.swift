public import Catalog
public import ControlPlane
public import Endpoints
import Foundation
public import HoldfastCore
import Synchronization

/// Looks at resources' locations on threads of its own, and waits only so long: a network mount whose server is gone
/// blocks every call on it, and must not block the service.
///
/// At most ``threads`` looks run at once. A location whose last look has not come back is not looked at again until it
/// does, so that one dead mount holds one thread for each location on it and no more.
public final class EndpointInspector: LocationInspector {
    public static let threads = 8

    /// A place, and what it is for.
    private struct Question: Hashable {
        let location: SourceLocation
        let isTarget: Bool
    }

    private let places: ReachablePlaces
    private let seams: Seams
    private let timeout: Duration
    private let look: @Sendable (SourceLocation) -> Inspection
    private let pool = NamedThreadPool(name: "inspect", threads: EndpointInspector.threads, queueMax: 1024)
    /// Looks under way, and who waits for each.
    private let underWay = Mutex<[Question: [FirstResult<LocationFinding>]]>([:])

    /// - Parameters:
    ///   - privateDirectory: the service's own, out of everybody's reach; it exists already.
    ///   - timeout: after this a location counts as unreachable.
    ///   - look: blocks; replaced in tests.
    public init(
        roots: AllowedRoots, privateDirectory: String? = nil, timeout: Duration = .seconds(5), seams: Seams,
        look: @escaping @Sendable (SourceLocation) -> Inspection = { Endpoints.inspect($0) }
    ) {
        places = ReachablePlaces(roots: roots, privateDirectory: privateDirectory)
        self.timeout = timeout
        self.seams = seams
        self.look = look
    }

    deinit { pool.close() }

    public func inspect(location: String, type: ResourceType, role: LocationRole) async throws -> LocationFinding {
        let place: SourceLocation
        do { place = try LocationURI.parse(location, type: type.rawValue) } catch { return .refused(error.message) }
        let question = Question(location: place, isTarget: role == .target)
        let first = FirstResult<LocationFinding>()
        // Whoever asks while a look is under way shares its answer, and waits for it as long as for one of its own.
        let isUnderWay = underWay.withLock { underWay in
            let present = underWay[question] != nil
            underWay[question, default: []].append(first)
            return present
        }
        if !isUnderWay { begin(question) }
        let timer = Task { [seams, timeout] in
            try await seams.sleep(timeout)
            first.offer(.success(.unreachable("\(place.path) does not answer: its file system may be gone")))
        }
        defer {
            timer.cancel()
            underWay.withLock { $0[question]?.removeAll { $0 === first } }
        }
        return try await first.value()
    }

    private func begin(_ question: Question) {
        Task {
            // Ends when the look does, be it after minutes; only then may the place be looked at again.
            let result: Result<LocationFinding, any Error>
            do { result = .success(try await pool.run { [self] in find(question) }) } catch { result = .failure(error) }
            let waiting = underWay.withLock { $0.removeValue(forKey: question) ?? [] }
            for waiter in waiting { waiter.offer(result) }
        }
    }

    /// Blocks.
    private func find(_ question: Question) -> LocationFinding {
        let place: SourceLocation
        do { place = try places.resolve(question.location, mustExist: !question.isTarget) } catch {
            return error.code == .outsideAllowedRoots ? .refused(error.message) : .unreachable(error.message)
        }
        let found = look(place)
        if found.isReachable { return .reachable(sizeBytes: found.sizeBytes, place: place.path) }
        switch place {
        case .tree(let path):
            // A restore makes the directory; what is there and is no directory can't take one.
            if question.isTarget, !FileManager.default.fileExists(atPath: path) {
                return .reachable(sizeBytes: nil, place: path)
            }
            return .unreachable("\(path) is not a directory that can be read")
        case .image(let path):
            return .unreachable("\(path) is not an image file or block device that can be read")
        }
    }
}
