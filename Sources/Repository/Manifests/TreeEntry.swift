/// One item of a tree, as a directory page holds it.
///
/// ```
/// kind(1) || flags(1) || counted name || mode || owner || group || modified || changed || device || inode || body
///   || [count || (counted name || counted value)…]     extended attributes, if flag 1
/// body: file           size || list of extents
///       directory      list of entries
///       symbolic link  counted target
///       devices        major || minor
///       pipe, socket   nothing
/// flags: 1 extended attributes, 2 hard link, 4 torn
/// ```
public struct TreeEntry: Sendable, Equatable {
    public enum Body: Sendable, Equatable {
        /// `isTorn`: it kept changing while it was read, and may mix old and new contents.
        case file(sizeBytes: Int64, extents: PagedList, isTorn: Bool)
        case directory(PagedList)
        case symbolicLink(target: [UInt8])
        case pipe
        case socket
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
    }

    /// Any bytes but `/` and NUL, 1–255 of them; empty for the root alone.
    public var name: [UInt8]
    public var attributes: ItemAttributes
    public var extendedAttributes: [ExtendedAttribute]
    /// True when the item had several names. Each of them carries the whole body, so any one can be restored alone;
    /// those with the same device and inode become one file again.
    public var isHardLink: Bool
    public var body: Body

    public init(
        name: [UInt8], attributes: ItemAttributes, extendedAttributes: [ExtendedAttribute] = [],
        isHardLink: Bool = false, body: Body
    ) {
        self.name = name
        self.attributes = attributes
        self.extendedAttributes = extendedAttributes
        self.isHardLink = isHardLink
        self.body = body
    }
}

extension TreeEntry {
    private static let attributeCountMax: UInt64 = 65536
    /// PATH_MAX: what symlink(2) takes.
    private static let linkTargetBytesMax = 4096

    func encoded() -> [UInt8] {
        var writer = ManifestWriter()
        var flags: UInt8 = extendedAttributes.isEmpty ? 0 : 1
        if isHardLink { flags |= 2 }
        if case .file(_, _, isTorn: true) = body { flags |= 4 }
        writer.byte(kindCode)
        writer.byte(flags)
        writer.counted(name)
        writer.integer(UInt64(attributes.mode))
        writer.integer(UInt64(attributes.owner))
        writer.integer(UInt64(attributes.group))
        writer.time(attributes.modified)
        writer.time(attributes.changed)
        writer.integer(attributes.device)
        writer.integer(attributes.inode)
        switch body {
        case .file(let size, let extents, _):
            writer.integer(UInt64(size))
            extents.encode(into: &writer)
        case .directory(let entries): entries.encode(into: &writer)
        case .symbolicLink(let target): writer.counted(target)
        case .pipe, .socket: break
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor):
            writer.integer(UInt64(major))
            writer.integer(UInt64(minor))
        }
        if !extendedAttributes.isEmpty {
            writer.integer(UInt64(extendedAttributes.count))
            for attribute in extendedAttributes {
                writer.counted(attribute.name)
                writer.counted(attribute.value)
            }
        }
        return writer.bytes
    }

    private var kindCode: UInt8 {
        switch body {
        case .file: 1
        case .directory: 2
        case .symbolicLink: 3
        case .pipe: 4
        case .socket: 5
        case .characterDevice: 6
        case .blockDevice: 7
        }
    }

    /// - Parameter isRoot: the root has no name, and everything else must have a proper one.
    init(from parser: inout ManifestParser, isRoot: Bool = false) throws(MalformedManifest) {
        let kind = try parser.byte()
        let flags = try parser.byte()
        guard flags < 8 else { throw MalformedManifest("unknown flags") }
        name = try parser.counted(atMost: 255, "name length")
        guard isRoot ? name.isEmpty : Self.isProperName(name) else { throw MalformedManifest("improper name") }
        attributes = ItemAttributes(
            mode: UInt32(try parser.integer(atMost: 0o7777, "mode")),
            owner: UInt32(try parser.integer(atMost: UInt64(UInt32.max), "owner")),
            group: UInt32(try parser.integer(atMost: UInt64(UInt32.max), "group")),
            modified: try parser.time(), changed: try parser.time(),
            device: try parser.integer(), inode: try parser.integer())
        isHardLink = flags & 2 != 0
        body = try Self.body(kind: kind, isTorn: flags & 4 != 0, from: &parser)
        extendedAttributes = []
        if flags & 1 != 0 {
            for _ in 0..<(try parser.integer(atMost: Self.attributeCountMax, "attribute count")) {
                extendedAttributes.append(try ExtendedAttribute(from: &parser))
            }
        }
    }

    private static func body(
        kind: UInt8, isTorn: Bool, from parser: inout ManifestParser
    ) throws(MalformedManifest) -> Body {
        guard !isTorn || kind == 1 else { throw MalformedManifest("only files can be torn") }
        switch kind {
        case 1:
            let size = Int64(try parser.integer(atMost: UInt64(Int64.max), "file size"))
            return .file(sizeBytes: size, extents: try PagedList(from: &parser), isTorn: isTorn)
        case 2: return .directory(try PagedList(from: &parser))
        case 3:
            let target = try parser.counted(atMost: linkTargetBytesMax, "link target length")
            guard !target.isEmpty, !target.contains(0) else { throw MalformedManifest("improper link target") }
            return .symbolicLink(target: target)
        case 4: return .pipe
        case 5: return .socket
        case 6, 7:
            let major = UInt32(try parser.integer(atMost: UInt64(UInt32.max), "major number"))
            let minor = UInt32(try parser.integer(atMost: UInt64(UInt32.max), "minor number"))
            return kind == 6
                ? .characterDevice(major: major, minor: minor) : .blockDevice(major: major, minor: minor)
        default: throw MalformedManifest("unknown kind of item")
        }
    }

    /// A name that leads out of its directory must never reach a restore.
    private static func isProperName(_ name: [UInt8]) -> Bool {
        let dot = UInt8(ascii: ".")
        return !name.isEmpty && name != [dot] && name != [dot, dot] && !name.contains(0)
            && !name.contains(UInt8(ascii: "/"))
    }
}

extension ExtendedAttribute {
    init(from parser: inout ManifestParser) throws(MalformedManifest) {
        name = try parser.counted(atMost: Self.nameBytesMax, "attribute name length")
        guard !name.isEmpty, !name.contains(0) else { throw MalformedManifest("improper attribute name") }
        value = try parser.counted(atMost: Self.valueBytesMax, "attribute value length")
    }
}
