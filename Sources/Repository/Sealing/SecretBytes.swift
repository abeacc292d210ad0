import CCrypto
import Foundation

/// Key material. Wiped when the last owner lets go, and never printed.
final class SecretBytes: Sendable, CustomStringConvertible, CustomReflectable {
    // Written only in `init` and wiped in `deinit`; between them only read, so no lock is needed.
    private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

    init(_ bytes: some Collection<UInt8>) {
        buffer = .allocate(byteCount: bytes.count, alignment: 16)
        buffer.copyBytes(from: bytes)
    }

    deinit {
        OPENSSL_cleanse(buffer.baseAddress, buffer.count)
        buffer.deallocate()
    }

    var count: Int { buffer.count }

    func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try body(UnsafeRawBufferPointer(buffer))
    }

    var description: String { "<secret, \(count) bytes>" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
