import CHoldfast
import Foundation

/// Everything that can be seen of one item, by plain system calls on paths: an account that shares no code with what it
/// is to check.
struct ItemFacts: Equatable {
    var mode: UInt32
    var owner: UInt32
    var group: UInt32
    var modified: String
    var size: Int64
    var device: UInt64
    var linkTarget: [UInt8]
    var contents: [UInt8]
    /// Where the data lies between the holes.
    var dataRuns: [Range<Int64>]
    var attributes: [String: [UInt8]]
    /// The first path, in order of bytes, of the same inode.
    var firstName: [UInt8]
}

/// All items below a directory by their relative paths; the root has the empty path.
func treeFacts(_ root: String) throws -> [[UInt8]: ItemFacts] {
    var facts: [[UInt8]: ItemFacts] = [:]
    var firstNames: [UInt64: [UInt8]] = [:]
    var waiting: [[UInt8]] = [[]]
    while let relative = waiting.popLast() {
        let path = Array(root.utf8) + (relative.isEmpty ? [] : [47] + relative)
        var status = stat()
        guard withPath(path, { lstat($0, &status) }) == 0 else { throw POSIXError(.ENOENT) }
        let kind = status.st_mode & S_IFMT
        let first = firstNames[UInt64(status.st_ino)]
        firstNames[UInt64(status.st_ino)] = min(first ?? relative, relative) { $0.lexicographicallyPrecedes($1) }
        facts[relative] = ItemFacts(
            mode: UInt32(status.st_mode), owner: status.st_uid, group: status.st_gid,
            modified: "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)",
            size: kind == S_IFDIR ? 0 : Int64(status.st_size), device: UInt64(status.st_rdev),
            linkTarget: kind == S_IFLNK ? linkTarget(path) : [], contents: kind == S_IFREG ? try contents(path) : [],
            dataRuns: kind == S_IFREG ? dataRuns(path, Int64(status.st_size)) : [],
            attributes: attributes(path), firstName: withUnsafeBytes(of: UInt64(status.st_ino)) { Array($0) })
        if kind == S_IFDIR {
            for name in names(path) { waiting.append(relative.isEmpty ? name : relative + [47] + name) }
        }
    }
    for path in facts.keys {
        guard let inode = facts[path]?.firstName else { continue }
        let number = inode.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        facts[path]?.firstName = firstNames[number] ?? []
    }
    return facts
}

private func min(_ left: [UInt8], _ right: [UInt8], by isBefore: ([UInt8], [UInt8]) -> Bool) -> [UInt8] {
    isBefore(left, right) ? left : right
}

/// What differs between two trees, for people; empty when nothing does.
func differences(_ left: [[UInt8]: ItemFacts], _ right: [[UInt8]: ItemFacts]) -> [String] {
    var found: [String] = []
    for path in Set(left.keys).union(right.keys) {
        let text = String(decoding: path, as: UTF8.self)
        guard let one = left[path], let other = right[path] else {
            found.append("\(text): only on one side")
            continue
        }
        if one == other { continue }
        var what: [String] = []
        if one.mode != other.mode { what.append("mode \(String(one.mode, radix: 8)) \(String(other.mode, radix: 8))") }
        if one.owner != other.owner || one.group != other.group { what.append("owner") }
        if one.modified != other.modified { what.append("time \(one.modified) \(other.modified)") }
        if one.size != other.size || one.contents != other.contents { what.append("contents") }
        if one.device != other.device { what.append("device") }
        if one.linkTarget != other.linkTarget { what.append("target") }
        if one.dataRuns != other.dataRuns { what.append("holes \(one.dataRuns) \(other.dataRuns)") }
        if one.attributes != other.attributes { what.append("attributes \(one.attributes) \(other.attributes)") }
        if one.firstName != other.firstName { what.append("hard links") }
        found.append("\(text): " + what.joined(separator: ", "))
    }
    return found
}

private func linkTarget(_ path: [UInt8]) -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = withPath(path) { readlink($0, &buffer, buffer.count) }
    return buffer[0..<max(count, 0)].map { UInt8(bitPattern: $0) }
}

private func contents(_ path: [UInt8]) throws -> [UInt8] {
    let descriptor = withPath(path) { open($0, O_RDONLY) }
    guard descriptor >= 0 else { throw POSIXError(.EACCES) }
    defer { close(descriptor) }
    return [UInt8](try FileHandle(fileDescriptor: descriptor).readToEnd() ?? Data())
}

private func dataRuns(_ path: [UInt8], _ size: Int64) -> [Range<Int64>] {
    let descriptor = withPath(path) { open($0, O_RDONLY) }
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var runs: [Range<Int64>] = []
    var position: Int64 = 0
    while position < size {
        let start = holdfast_seek_data(descriptor, position)
        guard start >= 0, start < size else { break }
        let end = holdfast_seek_hole(descriptor, start)
        runs.append(start..<end)
        position = end
    }
    return runs
}

private func attributes(_ path: [UInt8]) -> [String: [UInt8]] {
    var list = [CChar](repeating: 0, count: 65536)
    let count = withPath(path) { llistxattr($0, &list, list.count) }
    guard count > 0 else { return [:] }
    var found: [String: [UInt8]] = [:]
    for name in list[0..<count].split(separator: 0) {
        let text = String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var value = [UInt8](repeating: 0, count: 65536)
        let length = withPath(path) { lgetxattr($0, text, &value, value.count) }
        found[text] = Array(value[0..<max(length, 0)])
    }
    return found
}

private func names(_ path: [UInt8]) -> [[UInt8]] {
    guard let stream = withPath(path, { opendir($0) }) else { return [] }
    defer { closedir(stream) }
    var found: [[UInt8]] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
        if name != [46] && name != [46, 46] { found.append(name) }
    }
    return found
}
