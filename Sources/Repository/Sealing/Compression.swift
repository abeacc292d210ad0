import CZstd
import Foundation

/// zstd frames (RFC 8878), with contexts that are reused.
enum Compression {
    /// Level 1: the fastest at which text and programs still shrink to under half; see docs/adr/0003-zstd.md.
    static let level: Int32 = 1
    /// How much the match table holds; see docs/adr/0003-zstd.md for what that costs and saves.
    enum Table: Sendable {
        /// Of files: half the level's own. A fifth faster, for 1 to 3 % more bytes.
        case small
        /// Of disk images, whose chunks mix what lies beside each other: twice the level's own.
        case large

        fileprivate var hashLog: Int32 {
            switch self {
            case .small: 13
            case .large: 15
            }
        }
    }

    private static let smallCompressors = compressors(.small)
    private static let largeCompressors = compressors(.large)

    private static func compressors(_ table: Table) -> ContextPool<OpaquePointer> {
        ContextPool { () throws(RepositoryError) in
            guard let context = ZSTD_createCCtx() else { throw .library("ZSTD_createCCtx") }
            let owned = Context(context) { _ = ZSTD_freeCCtx($0) }
            guard ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)) == 0,
                ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, table.hashLog)) == 0
            else {
                throw .library("ZSTD_CCtx_setParameter")
            }
            return owned
        }
    }

    private static let decompressors = ContextPool<OpaquePointer> { () throws(RepositoryError) in
        guard let context = ZSTD_createDCtx() else { throw .library("ZSTD_createDCtx") }
        return Context(context) { _ = ZSTD_freeDCtx($0) }
    }

    /// - Parameter target: where the frame goes. One that is smaller than the bytes makes "does not shrink" cheap: the
    ///   library stops when it is full.
    /// - Returns: the length of the frame, or nil when it does not fit into `target`.
    static func compress(
        _ plain: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, table: Table = .small
    ) throws(RepositoryError) -> Int? {
        try (table == .small ? smallCompressors : largeCompressors).with { context throws(RepositoryError) in
            let length = ZSTD_compress2(context, target.baseAddress, target.count, plain.baseAddress, plain.count)
            return ZSTD_isError(length) == 0 ? length : nil
        }
    }

    /// - Returns: nil unless the frame holds exactly `plainBytes` bytes. Allocates no more than that.
    static func decompress(_ frame: [UInt8], plainBytes: Int) throws(RepositoryError) -> [UInt8]? {
        try decompressors.with { context throws(RepositoryError) in
            var isWhole = false
            let plain = [UInt8](unsafeUninitializedCapacity: max(plainBytes, 1)) { output, used in
                let length = ZSTD_decompressDCtx(context, output.baseAddress, plainBytes, frame, frame.count)
                isWhole = ZSTD_isError(length) == 0 && length == plainBytes
                used = isWhole ? plainBytes : 0
            }
            return isWhole ? plain : nil
        }
    }
}
