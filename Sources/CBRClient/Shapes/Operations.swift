/// One long-running task, as far as a client shows or uses it.
public struct OperationLog: Decodable, Sendable, Equatable {
    public struct Failure: Decodable, Sendable, Equatable {
        public let code: String?
        public let message: String?
    }

    public struct Common: Decodable, Sendable, Equatable {
        /// 0 to 100.
        public let progress: Int?
    }

    public struct Subject: Decodable, Sendable, Equatable {
        public let id: String?
        public let name: String?
        public let type: String?
    }

    public struct BackupPart: Decodable, Sendable, Equatable {
        public let backupID: String?
        public let backupName: String?
    }

    /// Something that could not be kept or given back as it was.
    public struct Warning: Decodable, Sendable, Equatable {
        public let path: String?
        public let reason: String?
        public let message: String?
    }

    /// What this service says beyond the interface it shares with others.
    public struct Details: Decodable, Sendable, Equatable {
        public let doneBytes: Int64?
        /// Nil while the total is not known.
        public let totalBytes: Int64?
        public let doneEntries: Int?
        public let totalEntries: Int?
        /// Bytes that the repository grew by, compressed and sealed.
        public let storedBytes: Int64?
        /// Bytes read from the source.
        public let readBytes: Int64?
        public let warningCount: Int?
        /// The first of them.
        public let warnings: [Warning]?
    }

    public struct ExtraInfo: Decodable, Sendable, Equatable {
        public let common: Common?
        public let resource: Subject?
        public let backup: BackupPart?
        public let restore: BackupPart?
        public let delete: BackupPart?
        public let holdfast: Details?
    }

    public let id: String
    public let operationType: String?
    public let status: String
    public let createdAt: String?
    public let startedAt: String?
    public let endedAt: String?
    public let vaultID: String?
    public let vaultName: String?
    public let checkpointID: String?
    public let errorInfo: Failure?
    public let extraInfo: ExtraInfo?

    /// True once nothing more will happen.
    public var isOver: Bool { status != "running" && status != "waiting" }
    public var isSuccess: Bool { status == "success" }
    public var warningCount: Int { extraInfo?.holdfast?.warningCount ?? 0 }
}
