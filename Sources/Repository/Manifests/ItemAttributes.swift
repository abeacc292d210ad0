/// A point in time as file systems keep it. Nanoseconds are 0..<1,000,000,000; seconds from 1970 may be negative.
public struct ItemTime: Sendable, Equatable, Comparable {
    public var seconds: Int64
    public var nanoseconds: UInt32

    public init(seconds: Int64, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

/// What every item of a tree has beside its name and contents.
public struct ItemAttributes: Sendable, Equatable {
    /// Permission bits with set-user-id, set-group-id and sticky: the low 12 bits of `st_mode`.
    public var mode: UInt32
    public var owner: UInt32
    public var group: UInt32
    public var modified: ItemTime
    /// The inode's change time on the source. Not restorable; it tells the next backup whether to look again.
    public var changed: ItemTime
    /// Where it was on the source. Names that share both are hard links of one file.
    public var device: UInt64
    public var inode: UInt64

    public init(
        mode: UInt32, owner: UInt32, group: UInt32, modified: ItemTime, changed: ItemTime, device: UInt64,
        inode: UInt64
    ) {
        self.mode = mode
        self.owner = owner
        self.group = group
        self.modified = modified
        self.changed = changed
        self.device = device
        self.inode = inode
    }
}

/// One extended attribute: name with its name space ("user.colour"), value as bytes. ACLs and capabilities are these.
public struct ExtendedAttribute: Sendable, Equatable {
    /// What Linux allows for a name (XATTR_NAME_MAX) and a value (XATTR_SIZE_MAX), in bytes.
    public static let nameBytesMax = 255
    public static let valueBytesMax = 65536

    public var name: [UInt8]
    public var value: [UInt8]

    public init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}
