import HoldfastCore
import ObjectStorage

extension Repository {
    /// Records of locks that can't be read, and locked restore points that are gone: somebody else has removed them.
    ///
    /// - Parameter points: those that were just listed.
    func checkLocks(of points: Set<RestorePointID>, report: inout CheckReport) throws {
        let now = seams.now()
        for (id, protection) in try protections().sorted(by: { $0.key < $1.key }) {
            for record in protection.unreadable {
                report.faults.append(.init(place: record, message: "the record of a lock is damaged"))
            }
            // Whoever forgets a restore point removes it before its locks, so only what is barred is missed.
            guard protection.bar(now: now) != nil, !points.contains(id) else { continue }
            let key = try StoredKeys.restorePoint(id.text)
            guard try !hasObject(key) else { continue }
            report.faults.append(.init(place: key.text, message: "the restore point is locked or held, and is gone"))
        }
    }
}
