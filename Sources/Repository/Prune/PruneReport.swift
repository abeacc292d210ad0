public import HoldfastCore

public struct PruneOptions: Sendable {
    /// Which share of what is needed may stay stored without being needed: 0 writes every pack anew that holds any.
    public var maxUnused: Double
    /// Also writes anew all that is sealed under an earlier key epoch, so that a revoked key opens none of it.
    public var reseals: Bool
    /// Only says what would happen.
    public var isDryRun: Bool
    /// Restore points to be taken for forgotten; for a dry run.
    public var without: Set<RestorePointID>

    public init(
        maxUnused: Double = 0.05, reseals: Bool = false, isDryRun: Bool = false, without: Set<RestorePointID> = []
    ) {
        self.maxUnused = maxUnused
        self.reseals = reseals
        self.isDryRun = isDryRun
        self.without = without
    }
}

/// What a prune did, or would do.
public struct PruneReport: Sendable, Equatable, Codable {
    /// Packs that nothing needs.
    public internal(set) var removedPacks = 0
    /// Packs of which a part is needed, and is written anew.
    public internal(set) var rewrittenPacks = 0
    public internal(set) var newPacks = 0
    /// By how much all objects of the repository together get smaller, to the byte. May be below zero when many packs
    /// hold a little that is not needed.
    public internal(set) var freedBytes: Int64 = 0
    /// What stays stored without being needed.
    public internal(set) var unusedBytes: Int64 = 0
    /// What stays stored without being needed because it is in packs that locked restore points need. No part of the above.
    public internal(set) var lockedBytes: Int64 = 0
    /// Backups that were running when the packs were chosen, and still are: the packs go with a later prune.
    public internal(set) var waitingFor = 0
    /// Packs that were to go, and that such a backup turned out to need.
    public internal(set) var keptPacks = 0

    public init() {}
}

/// How far a prune is in one of its two long phases.
public struct PruneProgress: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        /// Restore points, whose needs are looked at.
        case marking
        /// Packs, of which what is needed is written anew.
        case rewriting
    }

    public let phase: Phase
    public let done: Int
    public let total: Int
}
