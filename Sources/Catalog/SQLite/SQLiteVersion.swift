internal import CHoldfast
internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// Tells whether anybody committed to the file, this process or another.
///
/// Every commit, of whatever process, changes the header of the write-ahead log's index, in memory that all who have the file open
/// share: that is how SQLite's readers find out (<https://sqlite.org/walformat.html>, section 2.1). Looking there is no call of the
/// system and waits for nobody, so it may be done on any thread.
final class SQLiteVersion: Sendable {
    private struct State {
        var isClosed = false
        var seen: WALIndexHeader?
        var number: UInt64 = 0
    }

    /// Keeps the memory: it stays where it is for as long as this is open.
    private let connection: DatabaseQueue
    private let index: Index
    // Guards `state`, for nanoseconds. A `Mutex` spins when it is taken; with as many threads as cores that costs more than sleep.
    private let lock = NSLock()
    private nonisolated(unsafe) var state = State()  // only touched with `lock` held

    /// - Parameter path: of a database that a writer has open, in write-ahead mode.
    /// - Throws: ``CatalogError`` where SQLite shares no such memory.
    init(path: String, configuration: Configuration) throws {
        var configuration = configuration
        configuration.readonly = true
        connection = try DatabaseQueue(path: path, configuration: configuration)
        index = try connection.inDatabase { try Index(of: $0) }
    }

    /// The version of a state that the file had after the call began; nil while a commit is just being made known, and once closed.
    func current() -> CatalogVersion? {
        // Inside the lock: of two looks, whichever sees the later state also gets the later number.
        lock.withLock {
            guard !state.isClosed, let header = WALIndexHeader(at: index.memory) else { return nil }
            if header != state.seen {
                state.seen = header
                state.number += 1
            }
            return CatalogVersion(state.number)
        }
    }

    func close() throws {
        lock.withLock { state.isClosed = true }
        try connection.close()
    }

    /// The first block of the index, as SQLite maps it for all connections of the process.
    private struct Index: @unchecked Sendable {
        let memory: UnsafeRawPointer

        /// `WALINDEX_PGSZ` of SQLite's `wal.c`: the size of all blocks.
        private static let blockBytes: Int32 = 32_768

        init(of database: Database) throws {
            // The index is opened by the first read.
            _ = try Int64.fetchOne(database, sql: "PRAGMA schema_version")
            var file: UnsafeMutablePointer<sqlite3_file>?
            var block: UnsafeMutableRawPointer?
            guard
                sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK,
                let file, let methods = file.pointee.pMethods, methods.pointee.iVersion >= 2,
                let map = methods.pointee.xShmMap,
                map(file, 0, Self.blockBytes, 0, &block) == SQLITE_OK, let block
            else {
                throw CatalogError(code: .unavailable, message: "SQLite shares no index of its write-ahead log here")
            }
            memory = UnsafeRawPointer(block)
        }
    }
}

/// What the header of the write-ahead log's index says, 48 bytes: while it stays the same, readers find the same.
struct WALIndexHeader: Equatable {
    private static let wordCount = 6
    /// `iVersion`: the one form that there is, in the machine's order of bytes.
    private static let form: UInt32 = 3_007_000
    /// Where `isInit` is.
    private static let isInitOffset = 12

    /// The last two stay zero.
    private let words: SIMD8<UInt64>

    /// - Parameter memory: that of the index, which other threads and processes write: it begins with two copies of the header.
    /// - Returns: nil when the copies differ: whoever commits writes the second one first. Nil too before there is an index.
    init?(at memory: UnsafeRawPointer) {
        let words = Self.load(memory)
        guard words == Self.load(memory + Self.wordCount * 8) else { return nil }
        let (form, isInit) = withUnsafeBytes(of: words) { bytes in
            (bytes.load(as: UInt32.self), bytes[Self.isInitOffset])
        }
        guard form == Self.form, isInit == 1 else { return nil }
        self.words = words
    }

    private static func load(_ memory: UnsafeRawPointer) -> SIMD8<UInt64> {
        var words = SIMD8<UInt64>()
        withUnsafeMutableBytes(of: &words) { bytes in
            holdfast_load_words(memory, bytes.bindMemory(to: UInt64.self).baseAddress, wordCount)
        }
        return words
    }
}
