import HoldfastCore
import ObjectStorage

/// A failure while reading or writing a repository.
public struct RepositoryError: Error, Sendable {
    /// What callers switch on and tests compare.
    public enum Code: String, Sendable, CaseIterable {
        /// There is no repository at that place.
        case notARepository
        case alreadyExists
        case wrongKey
        /// Sealed under a key epoch that the key in use does not open.
        case keyMissing
        /// The key that opened the repository can't be taken away.
        case keyInUse
        /// Made by a newer version, or with a feature this one does not know.
        case formatUnsupported
        case objectMissing
        /// Bytes that are not what was written.
        case objectCorrupt
        case restorePointMissing
        /// A chunk that no index knows.
        case chunkMissing
        /// A chunk of no bytes, or over the maximum.
        case badChunk
        /// A description of a restore point that is too large, or has impossible values.
        case badDescription
        /// The session was abandoned, committed, or an earlier call on it failed.
        case sessionOver
        /// Another prune runs in this repository.
        case pruneRunning
        /// A restore point that is locked until a time that has not come, or for ever.
        case restorePointLocked
        /// A restore point under a legal hold.
        case restorePointHeld
        /// The store itself refuses to remove an object.
        case objectProtected
        case storeFull
        case storeUnavailable
        /// A primitive of the crypto or compression library refused to work.
        case libraryFailure
    }

    public let code: Code
    /// One sentence: what was attempted, on what, and what the operator can do.
    public let message: String
    /// Values for the log line. Never keys or file contents.
    public let facts: [String: String]
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, facts: [String: String] = [:], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.facts = facts
        self.cause = cause
    }

    /// True when the same call may succeed later without anyone changing anything.
    public var isRetryable: Bool {
        switch code {
        case .storeUnavailable, .pruneRunning: true
        case .notARepository, .alreadyExists, .wrongKey, .keyMissing, .keyInUse, .formatUnsupported, .objectMissing,
            .objectCorrupt,
            .restorePointMissing, .chunkMissing, .badChunk, .badDescription, .sessionOver, .storeFull, .libraryFailure,
            .restorePointLocked, .restorePointHeld, .objectProtected:
            false
        }
    }
}

extension RepositoryError {
    static func corrupt(_ object: String, _ what: String) -> Self {
        Self(
            .objectCorrupt, "the object \(object) is damaged: \(what); 'repo check' names what it hits",
            facts: ["object.key": object])
    }

    static func exists(_ id: String?) -> Self {
        Self(.alreadyExists, "there is a repository already" + (id.map { ", with the id \($0)" } ?? ""))
    }

    static var takenForDead: Self {
        Self(
            .sessionOver,
            "it took so long, or the clocks differ so much, that it was taken for dead; nothing of it was kept")
    }

    static func library(_ call: String) -> Self { Self(.libraryFailure, "the library call \(call) failed") }

    static func missing(_ id: ChunkID) -> Self {
        Self(
            .chunkMissing, "no index knows the chunk \(id); 'repo check' names what it hits",
            facts: ["chunk.id": id.description])
    }

    static func missing(_ id: RestorePointID) -> Self {
        Self(.restorePointMissing, "there is no restore point \(id)", facts: ["restore_point.id": id.text])
    }

    /// Wraps a failure of the store once, keeping it as the cause.
    static func store(_ error: ObjectStoreError) -> Self {
        let code: Code =
            switch error.code {
            case .missing: .objectMissing
            case .full: .storeFull
            case .outOfRange: .objectCorrupt
            case .protected: .objectProtected
            case .keyTaken, .badKey, .unavailable: .storeUnavailable
            }
        return Self(code, error.message, facts: error.facts, cause: error)
    }
}

extension ObjectStore {
    /// All bytes of an object that a list named, unless it is larger than such an object can be.
    func wholeObject(_ object: ObjectEntry, sizeBytesMax: Int) throws(RepositoryError) -> [UInt8] {
        guard object.sizeBytes <= sizeBytesMax else { throw .corrupt(object.key.text, "it is too large") }
        return try wrapping { store throws(ObjectStoreError) in try store.get(object.key, range: nil) }
    }

    /// The call's value, with a failure wrapped as a ``RepositoryError``.
    func wrapping<Value>(
        _ body: (any ObjectStore) throws(ObjectStoreError) -> Value
    ) throws(RepositoryError) -> Value {
        do { return try body(self) } catch { throw .store(error) }
    }
}
