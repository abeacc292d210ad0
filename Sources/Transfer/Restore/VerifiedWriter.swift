import Endpoints
import Synchronization

/// Writes bytes to a file and reads them back.
///
/// What is there already is compared first and left alone when it is right: that is how a repeated restore goes on, and
/// a restore over almost the same data writes little.
struct VerifiedWriter: Sendable {
    final class Counts: Sendable {
        let written = Atomic<Int64>(0)
        let verified = Atomic<Int64>(0)
    }

    let counts: Counts
    let hooks: RestoreHooks

    init(counts: Counts, hooks: RestoreHooks) {
        self.counts = counts
        self.hooks = hooks
    }

    /// - Parameters:
    ///   - compareFirst: false for a file that was just made: there is nothing to compare with.
    ///   - scratch: as long as the longest piece, grows if it is not.
    /// - Throws: ``SystemFailure``, or ``TransferError`` with `.verificationFailed`.
    func write(
        _ bytes: UnsafeRawBufferPointer, to file: Descriptor, at offset: Int64, path: String, compareFirst: Bool,
        scratch: inout [UInt8]
    ) throws {
        if scratch.count < bytes.count { scratch = [UInt8](repeating: 0, count: bytes.count) }
        if compareFirst, try isEqual(bytes, file, offset, &scratch) {
            counts.verified.add(Int64(bytes.count), ordering: .relaxed)
            return
        }
        try hooks.willWrite(path, offset, bytes.count)
        try WholeIO.write(file, bytes, at: offset)
        counts.written.add(Int64(bytes.count), ordering: .relaxed)
        guard try isEqual(bytes, file, offset, &scratch) else { throw Self.mismatch(path, offset) }
        counts.verified.add(Int64(bytes.count), ordering: .relaxed)
    }

    /// Makes a range read as zeros, as a hole where the target knows holes.
    func clear(
        _ range: Range<Int64>, of file: Descriptor, isBlockDevice: Bool, path: String, scratch: inout [UInt8]
    ) throws {
        var position = range.lowerBound
        while let data = try DataRuns.next(in: file, from: position, to: range.upperBound) {
            try hooks.willWrite(path, data.lowerBound, Int(data.upperBound - data.lowerBound))
            if try !FileChange.punchHole(data, in: file) || isBlockDevice {
                try zero(data, of: file, path: path, scratch: &scratch)
            }
            position = data.upperBound
        }
        counts.verified.add(range.upperBound - range.lowerBound, ordering: .relaxed)
    }

    /// Writes zeros where there are none yet, and reads them back.
    private func zero(_ range: Range<Int64>, of file: Descriptor, path: String, scratch: inout [UInt8]) throws {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var position = range.lowerBound
        while position < range.upperBound {
            let length = Int(min(Int64(zeros.count), range.upperBound - position))
            if scratch.count < length { scratch = [UInt8](repeating: 0, count: length) }
            try zeros.withUnsafeBytes { zeros in
                let wanted = UnsafeRawBufferPointer(rebasing: zeros[0..<length])
                if try isEqual(wanted, file, position, &scratch) { return }
                try WholeIO.write(file, wanted, at: position)
                counts.written.add(Int64(length), ordering: .relaxed)
                guard try isEqual(wanted, file, position, &scratch) else { throw Self.mismatch(path, position) }
            }
            position += Int64(length)
        }
    }

    private func isEqual(
        _ bytes: UnsafeRawBufferPointer, _ file: Descriptor, _ offset: Int64, _ scratch: inout [UInt8]
    ) throws -> Bool {
        try scratch.withUnsafeMutableBytes { scratch in
            let room = UnsafeMutableRawBufferPointer(rebasing: scratch[0..<bytes.count])
            guard try WholeIO.read(file, into: room, at: offset) == bytes.count else { return false }
            return WholeIO.isEqual(UnsafeRawBufferPointer(room), bytes)
        }
    }

    private static func mismatch(_ path: String, _ offset: Int64) -> TransferError {
        TransferError(
            code: .verificationFailed,
            message: "what was read back from \(path) is not what was written; check the target's disk",
            facts: ["path": path, "offset_bytes": "\(offset)"])
    }
}
