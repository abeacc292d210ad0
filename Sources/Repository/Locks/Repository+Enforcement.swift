import Foundation
public import HoldfastCore
public import ObjectStorage

/// What was done so that the store itself refuses to remove what locked restore points need.
public struct EnforcementReport: Sendable, Equatable {
    /// Restore points that are locked or held.
    public internal(set) var restorePoints = 0
    /// Objects that the store protects for them.
    public internal(set) var objects = 0
    /// What the store does; nil when there was nothing to protect.
    public internal(set) var protection: ObjectProtection?
    /// Restore points of which a part is missing or can't be read: the rest of them is protected.
    public internal(set) var incomplete: [RestorePointID] = []
}

/// Restore points that are locked or held, the longest first, and the packs that their chunks are in.
struct CoveredPacks {
    /// Of each pack: until when; nil: nobody knows.
    private(set) var packs: [PackID: Date?] = [:]

    mutating func cover(_ pack: PackID, until: Date?) {
        guard let before = packs[pack] else {
            packs[pack] = .some(until)
            return
        }
        if let before { packs[pack] = .some(until.map { max($0, before) }) }
    }
}

extension Repository {
    /// Makes the store refuse to remove what locked and held restore points need: their records, the packs that their chunks
    /// are in, the config and the wrapped keys. May be repeated, and interrupted at any point.
    ///
    /// Reads the manifests of those restore points, what they share once, and the index. Memory: a few bits for each chunk of
    /// the index, and an entry for each pack. Where the store can't protect anything, nothing is read.
    ///
    /// - Parameter ids: only these; nil: all.
    /// - Throws: ``RepositoryError`` when the store does not answer.
    @discardableResult
    public func enforceLocks(of ids: Set<RestorePointID>? = nil) throws -> EnforcementReport {
        // Beside a prune, segments are replaced and chunks move to other packs: then it looks again where they are.
        for _ in 1..<Self.enforcementTriesMax {
            do {
                let (report, isSettled) = try enforceOnce(ids)
                if isSettled { return report }
            } catch let error as RepositoryError { guard error.code == .objectMissing else { throw error } }
        }
        return try enforceOnce(ids).report
    }

    private static let enforcementTriesMax = 5

    /// - Returns: `isSettled` is false when a pack was gone that the index named.
    private func enforceOnce(_ ids: Set<RestorePointID>?) throws -> (report: EnforcementReport, isSettled: Bool) {
        var report = EnforcementReport()
        let now = seams.now()
        let barred = try protections().filter {
            (ids?.contains($0.key) ?? true) && $0.value.bar(now: now) != nil
        }
        guard !barred.isEmpty else { return (report, true) }
        let answer = try protect(StoredKeys.config(), until: nil)
        report.protection = answer
        if let answer, answer != .refusesRemoval {
            report.restorePoints = barred.count
            return (report, true)
        }
        try protectKeys(&report)
        var points: [RestorePoint] = []
        for (id, protection) in barred.sorted(by: { $0.key < $1.key }) {
            let until = protection.storeUntil
            if try protect(StoredKeys.restorePoint(id.text), until: until) != nil { report.objects += 1 }
            try protectAll(in: StoredKeys.locks(of: id.text), until: until, &report)
            do { points.append(try restorePoint(id)) } catch let error as RepositoryError {
                guard error.code == .restorePointMissing || error.code == .objectCorrupt else { throw error }
                report.incomplete.append(id)
            }
        }
        report.restorePoints = barred.count
        let live = try LiveChunks(self)
        let reader = reader()
        var covered = CoveredPacks()
        for point in points.sorted(by: { Self.isLonger(barred[$0.id], barred[$1.id]) }) {
            let until = barred[point.id]?.storeUntil
            let isWhole = try live.markReadable(point, reader: reader) { covered.cover($0, until: until) }
            if !isWhole { report.incomplete.append(point.id) }
        }
        let packs = try protect(covered)
        report.objects += packs
        return (report, packs == covered.packs.count)
    }

    /// What every locked restore point needs beside the config.
    func protectKeys(_ report: inout EnforcementReport) throws {
        for folder in [try StoredKeys.wrappings(), try StoredKeys.epochs(), try StoredKeys.features()] {
            try protectAll(in: folder, until: nil, &report)
        }
    }

    /// Whether the store itself refuses to remove what is locked; nil when nothing ever was.
    func storeProtection() throws -> ObjectProtection? {
        // The object that comes before every lock, and stays.
        try protect(StoredKeys.feature(Self.locksFeature), until: nil)
    }

    /// - Returns: how many of the packs the store protects. One that is gone is none.
    @discardableResult
    func protect(_ covered: CoveredPacks) throws -> Int {
        var count = 0
        for (pack, until) in covered.packs.sorted(by: { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }) {
            guard let answer = try protect(StoredKeys.pack(pack), until: until) else { continue }
            guard answer == .refusesRemoval else { return count }
            count += 1
        }
        return count
    }

    /// Whether what the first keeps is kept for longer than what the second keeps.
    static func isLonger(_ left: Protection?, _ right: Protection?) -> Bool {
        let times = [left, right].map { $0.flatMap(\.storeUntil) ?? .distantFuture }
        return times[0] > times[1]
    }

    /// - Returns: nil when there is no such object.
    private func protect(_ key: ObjectKey, until: Date?) throws(RepositoryError) -> ObjectProtection? {
        do throws(ObjectStoreError) { return try store.protect(key, until: until) } catch {
            guard error.code == .missing else { throw .store(error) }
            return nil
        }
    }

    private func protectAll(in folder: ObjectKey, until: Date?, _ report: inout EnforcementReport) throws {
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) })
        where try protect(object.key, until: until) != nil { report.objects += 1 }
    }
}
