import CCrypto
import Foundation
import Synchronization

/// Owns one C object and frees it. Used by one thread at a time: a ``ContextPool`` hands it out.
final class Context<Value>: @unchecked Sendable {  // not shared: its pool's lock guards the hand-over
    let pointer: Value
    private let free: (Value) -> Void

    init(_ pointer: Value, free: @escaping (Value) -> Void) {
        self.pointer = pointer
        self.free = free
    }

    deinit { free(pointer) }
}

/// Contexts for reuse: making one costs more than using it. Holds as many as were ever in use at once.
final class ContextPool<Value>: Sendable {
    private let idle = Mutex<[Context<Value>]>([])
    private let make: @Sendable () throws(RepositoryError) -> Context<Value>

    init(_ make: @escaping @Sendable () throws(RepositoryError) -> Context<Value>) { self.make = make }

    func with<Result>(_ body: (Value) throws(RepositoryError) -> Result) throws(RepositoryError) -> Result {
        let kept = idle.withLock { $0.popLast() }
        let context = if let kept { kept } else { try make() }
        let result = try body(context.pointer)
        // After a throw the context is dropped: its state is unknown.
        idle.withLock { $0.append(context) }
        return result
    }
}

enum Digest {
    // Fetched once and never changed; libcrypto counts references to it under its own lock.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    /// SHA-256 (FIPS 180-4).
    static func sha256(_ bytes: UnsafeRawBufferPointer) throws(RepositoryError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_Digest(bytes.baseAddress, bytes.count, &digest, &length, algorithm, nil) == 1, length == 32 else {
            throw .library("EVP_Digest")
        }
        return digest
    }

    static func sha256(_ bytes: [UInt8]) throws(RepositoryError) -> [UInt8] {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(RepositoryError) in try sha256(buffer) }
        }
        return try result.get()
    }
}

/// HMAC-SHA-256 (RFC 2104) under one key.
final class KeyedHash: Sendable {
    private let contexts: ContextPool<OpaquePointer>

    init(key: SecretBytes) {
        contexts = ContextPool { () throws(RepositoryError) in
            guard let mac = EVP_MAC_fetch(nil, "HMAC", nil) else { throw .library("EVP_MAC_fetch") }
            defer { EVP_MAC_free(mac) }
            guard let context = EVP_MAC_CTX_new(mac) else { throw .library("EVP_MAC_CTX_new") }
            let owned = Context(context) { EVP_MAC_CTX_free($0) }
            var digest = Array("SHA256\0".utf8CString)
            let isReady = digest.withUnsafeMutableBufferPointer { name in
                let parameters = [
                    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                return key.withUnsafeBytes {
                    EVP_MAC_init(context, $0.bindMemory(to: UInt8.self).baseAddress, $0.count, parameters) == 1
                }
            }
            guard isReady else { throw .library("EVP_MAC_init") }
            return owned
        }
    }

    func name(of bytes: UnsafeRawBufferPointer) throws(RepositoryError) -> ChunkID {
        try contexts.with { context throws(RepositoryError) in
            var hash = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
            var length = 0
            let isDone = withUnsafeMutableBytes(of: &hash) { hash in
                // A null key starts again under the key the context has.
                EVP_MAC_init(context, nil, 0, nil) == 1
                    && EVP_MAC_update(context, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) == 1
                    && EVP_MAC_final(context, hash.bindMemory(to: UInt8.self).baseAddress, &length, hash.count) == 1
            }
            guard isDone, length == ChunkID.sizeBytes else { throw .library("EVP_MAC_final") }
            return withUnsafeBytes(of: hash) { ChunkID(loading: $0) }
        }
    }
}
