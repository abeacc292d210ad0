import HoldfastCore

@testable import Repository

/// What a repository is to its users, in as few lines as can be: restore points by their ids, with what they give back.
struct ReferenceRepository {
    enum Contents: Equatable {
        case tree([String: [UInt8]])
        case image([[UInt8]])
    }

    private(set) var points: [RestorePointID: Contents] = [:]
    /// What damage has hit: gives back nothing or the right thing, until a backup stores its contents again.
    private(set) var damaged: Set<RestorePointID> = []

    mutating func backUp(_ id: RestorePointID, _ contents: Contents) { points[id] = contents }

    mutating func remove(_ id: RestorePointID) {
        points[id] = nil
        damaged.remove(id)
    }

    mutating func damage(_ hits: Set<RestorePointID>) { damaged = hits }

    /// The restore point of this number, counted in the order of ids, over and over.
    func point(_ number: Int) -> RestorePointID? {
        points.isEmpty ? nil : points.keys.sorted()[number % points.count]
    }

    /// - Parameter found: what a restore gave; nil when it failed.
    func accepts(_ found: Contents?, for id: RestorePointID) -> Bool {
        found == points[id] || found == nil && damaged.contains(id)
    }
}
