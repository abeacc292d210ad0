import CHoldfast
import Glibc

/// Where a file has data, and where it has holes (SEEK_DATA and SEEK_HOLE of lseek(2)).
package enum DataRuns {
    /// The next run of data at or behind an offset.
    ///
    /// - Returns: nil when only a hole is left. A file system that keeps no account of holes has one run to the end.
    package static func next(
        in file: Descriptor, from offset: Int64, to end: Int64
    ) throws(SystemFailure) -> Range<Int64>? {
        guard offset < end else { return nil }
        let start = holdfast_seek_data(file.number, offset)
        guard start >= 0 else {
            switch errno {
            case ENXIO: return nil
            // Not known here: block devices, and file systems without holes.
            case EINVAL, EOPNOTSUPP: return offset..<end
            default: throw SystemFailure("seek")
            }
        }
        guard start < end else { return nil }
        let stop = holdfast_seek_hole(file.number, start)
        guard stop >= 0 else { throw SystemFailure("seek") }
        return start..<min(max(stop, start + 1), end)
    }
}

/// Reading and writing at offsets, whole or not at all.
package enum WholeIO {
    /// Reads until the buffer is full or the file ends.
    ///
    /// - Returns: how many bytes were read; fewer than asked for only at the end of the file.
    package static func read(
        _ file: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(SystemFailure) -> Int {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let count = pread(file.number, base + done, buffer.count - done, off_t(offset) + off_t(done))
            if count == 0 { break }
            if count > 0 { done += count } else if errno != EINTR { throw SystemFailure("read") }
        }
        return done
    }

    package static func write(
        _ file: Descriptor, _ buffer: UnsafeRawBufferPointer, at offset: Int64
    ) throws(SystemFailure) {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let count = pwrite(file.number, base + done, buffer.count - done, off_t(offset) + off_t(done))
            if count == 0 { throw SystemFailure("write", number: EIO) }
            if count > 0 { done += count } else if errno != EINTR { throw SystemFailure("write") }
        }
    }

    package static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return memcmp(first, second, left.count) == 0
    }

    /// True when all bytes are zero. As fast as memory: compares the buffer with itself, moved by one byte.
    package static func isZero(_ buffer: UnsafeRawBufferPointer) -> Bool {
        guard let base = buffer.baseAddress, buffer.count > 0 else { return true }
        return buffer[0] == 0 && memcmp(base, base + 1, buffer.count - 1) == 0
    }
}
