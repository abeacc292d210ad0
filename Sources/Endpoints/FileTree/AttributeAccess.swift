import CHoldfast
import Glibc

/// One extended attribute as bytes: ACLs and file capabilities are such attributes too.
package struct AttributeValue: Sendable, Equatable {
    package let name: [UInt8]
    package let value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// Reads and writes extended attributes of open items, or of names that can't be opened.
package enum AttributeAccess {
    /// What the attributes belong to.
    package enum Item {
        case open(Descriptor)
        /// Reached through `/proc/self/fd`, which is how Linux names "this name in that open directory" for attributes.
        case name(ItemName, in: Descriptor)
    }

    /// All attributes, sorted by name. A file system without attributes has none.
    package static func read(_ item: Item) throws(SystemFailure) -> [AttributeValue] {
        var found: [AttributeValue] = []
        for name in try list(item) {
            // One that is gone since it was listed was removed meanwhile; the inode's change time tells the next backup.
            if let value = try value(of: name, on: item) { found.append(AttributeValue(name: name, value: value)) }
        }
        return found.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    package static func write(_ attribute: AttributeValue, to item: Item) throws(SystemFailure) {
        let done = withCString(attribute.name) { name in
            attribute.value.withUnsafeBytes { value in
                switch item {
                case .open(let descriptor): fsetxattr(descriptor.number, name, value.baseAddress, value.count, 0)
                case .name(let itemName, let directory):
                    withPath(itemName, directory) { lsetxattr($0, name, value.baseAddress, value.count, 0) }
                }
            }
        }
        guard done == 0 else { throw SystemFailure("setxattr") }
    }

    package static func remove(_ attribute: [UInt8], from item: Item) throws(SystemFailure) {
        let done = withCString(attribute) { name in
            switch item {
            case .open(let descriptor): fremovexattr(descriptor.number, name)
            case .name(let itemName, let directory): withPath(itemName, directory) { lremovexattr($0, name) }
            }
        }
        guard done == 0 || errno == ENODATA else { throw SystemFailure("removexattr") }
    }

    private static func list(_ item: Item) throws(SystemFailure) -> [[UInt8]] {
        // The list may grow between the call that asks for its length and the one that fetches it.
        for _ in 0..<8 {
            let length = list(item, into: nil, 0)
            if length == 0 { return [] }
            if length < 0 {
                if errno == ENOTSUP { return [] }
                throw SystemFailure("listxattr")
            }
            var bytes = [UInt8](repeating: 0, count: length)
            let count = bytes.withUnsafeMutableBytes { list(item, into: $0.baseAddress, $0.count) }
            if count >= 0 { return bytes[0..<count].split(separator: 0).map(Array.init) }
            if errno != ERANGE { throw SystemFailure("listxattr") }
        }
        throw SystemFailure("listxattr", number: ERANGE)
    }

    private static func list(_ item: Item, into buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        let buffer = buffer?.assumingMemoryBound(to: CChar.self)
        return switch item {
        case .open(let descriptor): flistxattr(descriptor.number, buffer, count)
        case .name(let name, let directory): withPath(name, directory) { llistxattr($0, buffer, count) }
        }
    }

    private static func value(of attribute: [UInt8], on item: Item) throws(SystemFailure) -> [UInt8]? {
        for _ in 0..<8 {
            let length = get(attribute, item, nil, 0)
            if length < 0 {
                // ENOTSUP: names that a file system lists and does not give out, as NFS does with some.
                if errno == ENODATA || errno == ENOTSUP { return nil }
                throw SystemFailure("getxattr")
            }
            var bytes = [UInt8](repeating: 0, count: length)
            let count = bytes.withUnsafeMutableBytes { get(attribute, item, $0.baseAddress, $0.count) }
            // With no room at all the call only reports the length.
            if count >= 0 && count <= length { return Array(bytes[0..<count]) }
            if count < 0 && errno != ERANGE { throw SystemFailure("getxattr") }
        }
        throw SystemFailure("getxattr", number: ERANGE)
    }

    private static func get(
        _ attribute: [UInt8], _ item: Item, _ buffer: UnsafeMutableRawPointer?, _ count: Int
    ) -> Int {
        withCString(attribute) { attribute in
            switch item {
            case .open(let descriptor): fgetxattr(descriptor.number, attribute, buffer, count)
            case .name(let name, let directory):
                withPath(name, directory) { lgetxattr($0, attribute, buffer, count) }
            }
        }
    }

    private static func withPath<Result>(
        _ name: ItemName, _ directory: Descriptor, _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        withCString(Array("/proc/self/fd/\(directory.number)/".utf8) + name.bytes, body)
    }

    private static func withCString<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        var terminated = ContiguousArray(bytes.map { CChar(bitPattern: $0) })
        terminated.append(0)
        return terminated.withUnsafeBufferPointer { pointer in
            guard let base = pointer.baseAddress else { preconditionFailure("an array of a NUL has an address") }
            return body(base)
        }
    }
}
