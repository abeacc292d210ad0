public import HoldfastCore
import Repository

/// What to copy from one repository to another.
public struct CopyRequest: Sendable {
    /// None: all that the target does not have yet.
    public var restorePoints: [RestorePointID]
    /// Reads every byte, and verifies every chunk that the target has already, trusting no earlier copy.
    public var rereadAll: Bool

    public init(restorePoints: [RestorePointID] = [], rereadAll: Bool = false) {
        self.restorePoints = restorePoints
        self.rereadAll = rereadAll
    }
}

/// What a finished copy did.
public struct CopyOutcome: Sendable {
    /// A restore point that is in the target now.
    public struct Copied: Sendable {
        public let source: RestorePointID
        public let target: RestorePointID
        /// Bytes that it added to the target.
        public let storedBytes: Int64
    }

    /// A restore point that the source can't give back whole. Nothing of it is visible in the target.
    public struct Failed: Sendable {
        public let source: RestorePointID
        /// One sentence.
        public let message: String
    }

    public internal(set) var copied: [Copied] = []
    public internal(set) var failed: [Failed] = []
    /// Restore points that the target had already.
    public internal(set) var presentCount = 0
    /// Plain bytes of the contents that were read from the source.
    public internal(set) var readBytes: Int64 = 0
    public internal(set) var storedBytes: Int64 = 0
}

/// Where a restore point was made. A copy keeps it in its labels, and a copy of a copy too: so whoever meets it again, by
/// whatever way it came, knows it.
struct CopyOrigin: Hashable {
    static let repositoryLabel = "origin_repository"
    static let pointLabel = "origin_restore_point"

    let repository: String
    let point: String

    init(of point: RestorePoint, in repository: Repository) {
        let labels = point.description.labels
        if let origin = labels[Self.repositoryLabel], let first = labels[Self.pointLabel] {
            (self.repository, self.point) = (origin, first)
        } else {
            (self.repository, self.point) = (repository.id, point.id.text)
        }
    }

    var labels: [String: String] { [Self.repositoryLabel: repository, Self.pointLabel: point] }
}
