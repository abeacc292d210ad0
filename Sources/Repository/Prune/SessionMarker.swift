import Foundation
import HoldfastCore
import ObjectStorage

/// Says that somebody is at work: an object that is there from the beginning of a session to its end.
///
/// Whoever removes packs waits until all who were at work when they were condemned have ended. Not sealed: it holds
/// nothing of the data, and a prune has to be able to judge it in any case.
struct SessionMarker: Codable, Equatable {
    /// Microseconds since 1970 UTC, by the clock of whoever made it.
    let createdAt: Int64
    let process: ProcessIdentity
    /// Of a prune: the name of its own marker among the sessions. Tells this prune from any other.
    let session: String?

    static let sizeBytesMax = 4096

    init(seams: Seams, process: ProcessIdentity = .current, session: String? = nil) {
        createdAt = Int64(seams.now().timeIntervalSince1970 * 1_000_000)
        self.process = process
        self.session = session
    }

    func encoded() throws(RepositoryError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return try HashedText.encoded(Array(try encoder.encode(self))) } catch { throw .library("JSONEncoder") }
    }

    /// - Returns: nil when the bytes are no marker, or not as they were written.
    static func decode(_ bytes: [UInt8]) -> SessionMarker? {
        HashedText.decode(bytes).flatMap { try? JSONDecoder().decode(SessionMarker.self, from: Data($0)) }
    }

    /// Whether nobody is behind it any more: the process has ended, or it has been there for longer than any backup.
    ///
    /// A wrong answer costs the session its commit, never data: it looks for its marker before it says that it is done.
    func isStale(now: Date, ageMax: Duration) -> Bool {
        if process.hasEnded() { return true }
        // One from a far future is as old: some clock was wrong, and waiting for it could take years.
        let age = abs(now.timeIntervalSince1970 - Double(createdAt) / 1_000_000)
        return age > Double(ageMax.components.seconds)
    }
}

extension Repository {
    /// - Returns: the marker's key.
    func putMarker() throws(RepositoryError) -> ObjectKey {
        let key = try StoredKeys.session(Hex.encode(seams.randomBytes(32)))
        let bytes = try SessionMarker(seams: seams).encoded()
        try store.wrapping { store throws(ObjectStoreError) in try store.put(bytes, at: key) }
        return key
    }

    /// The markers that are there, without those that nobody is behind: these are removed.
    ///
    /// - Parameter own: of whoever asks; not judged.
    func liveMarkers(ageMax: Duration, besides own: ObjectKey) throws(RepositoryError) -> Set<String> {
        var live: Set<String> = []
        let folder = try StoredKeys.sessions()
        for object in try store.wrapping({ store throws(ObjectStoreError) in try store.list(folder) })
        where object.key != own {
            switch try judge(object, ageMax: ageMax) {
            case .live: live.insert(object.key.name)
            case .gone: continue
            case .ended:
                // Nobody will make visible any more what it has pending.
                let pending = try StoredKeys.pending(object.key.name)
                try store.wrapping { store throws(ObjectStoreError) in try store.delete(pending) }
                fallthrough
            case .outlived: try store.wrapping { store throws(ObjectStoreError) in try store.delete(object.key) }
            }
        }
        return live
    }

    enum MarkerState { case live, ended, outlived, gone }

    func judge(_ object: ObjectEntry, ageMax: Duration) throws(RepositoryError) -> MarkerState {
        do throws(RepositoryError) {
            let bytes = try store.wholeObject(object, sizeBytesMax: SessionMarker.sizeBytesMax)
            // What is no marker, or damaged, can't say who is behind it.
            guard let marker = SessionMarker.decode(bytes) else { return .outlived }
            if marker.process.hasEnded() { return .ended }
            return marker.isStale(now: seams.now(), ageMax: ageMax) ? .outlived : .live
        } catch {
            switch error.code {
            case .objectMissing: return .gone
            case .objectCorrupt: return .outlived
            default: throw error
            }
        }
    }

    func hasObject(_ key: ObjectKey) throws(RepositoryError) -> Bool {
        do throws(ObjectStoreError) {
            _ = try store.get(key, range: nil)
            return true
        } catch {
            guard error.code == .missing else { throw .store(error) }
            return false
        }
    }
}
