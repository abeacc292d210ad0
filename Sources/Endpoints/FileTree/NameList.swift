import CHoldfast
import Glibc

/// The names in one directory, sorted by their bytes.
///
/// Memory: the names' bytes and 8 bytes for each, in two arrays; a directory of a million files takes some 30 MB.
package struct NameList: Sendable {
    private var bytes: [UInt8] = []
    /// Start and length of each name in `bytes`.
    private var places: [Place] = []

    private struct Place {
        var start: UInt32
        var length: UInt32
    }

    package var count: Int { places.count }

    package subscript(index: Int) -> ItemName {
        let place = places[index]
        return ItemName(unchecked: Array(bytes[Int(place.start)..<Int(place.start + place.length)]))
    }

    /// Lists an open directory. Its position is moved back to the start first.
    package init(of directory: Descriptor) throws(SystemFailure) {
        // readdir closes what it is given, so it gets its own number for the same open file.
        let own = fcntl(directory.number, F_DUPFD_CLOEXEC, 0)
        guard own >= 0 else { throw SystemFailure("dup") }
        guard let stream = fdopendir(own) else {
            let failure = SystemFailure("opendir")
            close(own)
            throw failure
        }
        defer { closedir(stream) }
        rewinddir(stream)
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw SystemFailure("readdir") }
                break
            }
            append(entry)
        }
        sort()
    }

    private mutating func append(_ entry: UnsafeMutablePointer<dirent>) {
        withUnsafeBytes(of: &entry.pointee.d_name) { name in
            guard let base = name.baseAddress else { return }
            let length = strnlen(base.assumingMemoryBound(to: CChar.self), name.count)
            let dot = UInt8(ascii: ".")
            if length == 1 && name[0] == dot || length == 2 && name[0] == dot && name[1] == dot { return }
            places.append(Place(start: UInt32(bytes.count), length: UInt32(length)))
            bytes.append(contentsOf: name[0..<length])
        }
    }

    private mutating func sort() {
        bytes.withUnsafeBytes { all in
            places.sort { left, right in
                guard let base = all.baseAddress else { return false }
                let order = memcmp(
                    base + Int(left.start), base + Int(right.start), Int(min(left.length, right.length)))
                return order == 0 ? left.length < right.length : order < 0
            }
        }
    }
}
