import Endpoints
import Foundation
import Repository

/// Decides what of an earlier restore point still holds.
struct ParentComparison: Sendable {
    /// Times at or after this may repeat without a trace: the file may have been written again after it was read.
    private let trustedBefore: ItemTime

    /// - Parameter start: when the earlier backup started.
    init(start: Date) {
        // A tick of the file system's clock earlier: a write just before the start may share its time with one after.
        let seconds = start.timeIntervalSince1970 - Double(FileClock.tickMilliseconds) / 1000
        let whole = seconds.rounded(.down)
        trustedBefore = ItemTime(seconds: Int64(whole), nanoseconds: UInt32((seconds - whole) * 999_999_999))
    }

    /// True when neither attributes nor contents have changed: each of those moves the inode's change time, which
    /// nobody can set back.
    func isUnchanged(_ entry: TreeEntry, _ status: ItemStatus) -> Bool {
        let old = entry.attributes
        guard old.device == status.device, old.inode == status.inode, old.changed == ItemTime(status.changed),
            old.changed < trustedBefore
        else { return false }
        switch (entry.body, status.kind) {
        case (.file(let size, _, let isTorn), .file):
            return !isTorn && size == status.sizeBytes && old.modified == ItemTime(status.modified)
        case (.directory, .directory), (.symbolicLink, .symbolicLink), (.pipe, .pipe), (.socket, .socket),
            (.characterDevice, .characterDevice), (.blockDevice, .blockDevice):
            return true
        default:
            return false
        }
    }

    func isUnchanged(_ image: ImageRoot, _ status: ItemStatus) -> Bool {
        image.isRegularFile && !image.isTorn && status.kind == .file && image.sizeBytes == status.sizeBytes
            && image.modified == ItemTime(status.modified) && image.changed == ItemTime(status.changed)
            && image.changed < trustedBefore && image.device == status.device && image.inode == status.inode
    }
}

extension ItemTime {
    init(_ time: ItemStatus.Time) { self.init(seconds: time.seconds, nanoseconds: time.nanoseconds) }
}

extension ItemAttributes {
    init(_ status: ItemStatus) {
        self.init(
            mode: status.mode, owner: status.owner, group: status.group, modified: ItemTime(status.modified),
            changed: ItemTime(status.changed), device: status.device, inode: status.inode)
    }
}
