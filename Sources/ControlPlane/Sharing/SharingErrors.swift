import Catalog
import HoldfastCore

extension ControlError {
    static func backupNotOwn(_ id: BackupID) -> Self {
        Self(
            code: .backupNotOwn,
            message:
                "backup \(id) is another project's, which shares it: here it can be shown, and restored once it is "
                + "accepted, and nothing else",
            facts: ["backup.id": id.text])
    }

    static func memberNotFound(_ project: ProjectID, _ backup: BackupID) -> Self {
        Self(
            code: .memberNotFound, message: "backup \(backup) is not shared with project \(project)",
            facts: ["backup.id": backup.text, "member.id": project.text])
    }

    static func notAccepted(_ id: BackupID) -> Self {
        Self(
            code: .backupNotAvailable, message: "backup \(id) is shared with this project, which has not accepted it",
            facts: ["backup.id": id.text])
    }

    static func badShareTarget(_ target: String) -> Self {
        Self(
            code: .badShareTarget,
            message:
                "'\(target)' is no project that a backup can be shared with: it has to be another one, and switched "
                + "on",
            facts: ["target": target])
    }

    static func shareLimit(_ id: BackupID, _ count: Int) -> Self {
        Self(
            code: .shareLimit,
            message: "backup \(id) would be shared with \(count) projects, and \(ControlPlane.membersPerBackupMax) are "
                + "the most",
            facts: ["backup.id": id.text, "members": "\(count)"])
    }

    static func sharedAlready(_ member: MemberRecord) -> Self {
        let isRejected = member.state == .rejected
        return Self(
            code: isRejected ? .shareRejected : .sharedAlready,
            message: isRejected
                ? "project \(member.project) rejected backup \(member.backup); it may still accept it, or remove the "
                    + "member and share it anew"
                : "backup \(member.backup) is shared with project \(member.project) already",
            facts: ["backup.id": member.backup.text, "member.id": member.project.text])
    }
}
