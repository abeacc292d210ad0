import Endpoints
import Foundation
import HoldfastCore
import Repository

/// One restore. The calling thread walks the manifest; others fetch, write and verify.
///
/// Memory: for each worker one chunk and as much to read back; ``jobsMax`` jobs of at most 64 files or 4 MiB of extents;
/// and the reader's cache.
struct RestoreRun: Sendable {
    static let jobsMax = 32

    let request: RestoreRequest
    let repository: Repository
    let hooks: RestoreHooks
    let control: TransferControl
    let meter: ProgressMeter
    let warnings = WarningLog()

    func run() throws -> RestoreOutcome {
        let point: RestorePoint
        do {
            point = try repository.restorePoint(request.restorePoint)
        } catch let error as RepositoryError where error.code == .restorePointMissing {
            throw TransferError(
                code: .restorePointMissing,
                message: "restore point \(request.restorePoint) cannot be read from the repository",
                facts: ["restore_point": request.restorePoint.text], cause: error)
        }
        meter.expect(bytes: point.description.logicalBytes, entries: point.description.entryCount)
        switch (point.description.kind, request.target) {
        case (.tree, .tree(let path)): return try restoreTree(point, to: path)
        case (.image, .image(let path)): return try restoreImage(point, to: path)
        case (.tree, .image): throw Self.mismatch(point, "a directory tree", "an image")
        case (.image, .tree): throw Self.mismatch(point, "an image", "a directory")
        }
    }

    private static func mismatch(_ point: RestorePoint, _ has: String, _ wanted: String) -> TransferError {
        TransferError(
            code: .kindMismatch,
            message: "restore point \(point.id) holds \(has); it can't be restored to \(wanted)",
            facts: ["restore_point": point.id.text])
    }

    func openJournal(_ name: ItemName, in directory: Descriptor, path: String) throws -> RestoreJournal {
        do {
            return try RestoreJournal(name, in: directory, restorePoint: request.restorePoint)
        } catch {
            if error.number == EWOULDBLOCK {
                throw TransferError(
                    code: .targetUnwritable,
                    message: "another restore to \(path) is running; wait for its end",
                    facts: ["path": path])
            }
            throw Self.unwritable(path, error)
        }
    }

    static func unwritable(_ path: String, _ failure: SystemFailure) -> TransferError {
        TransferError(
            code: .targetUnwritable, message: "cannot write to \(path): \(failure.call): \(failure.reason)",
            facts: ["path": path, "errno": "\(failure.number)"], cause: failure)
    }
}
