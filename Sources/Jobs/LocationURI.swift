public import Endpoints
import Foundation

/// Reads a resource's location, a URI, as a source of the kind that its type needs.
///
/// `file:///path` names a directory tree for a shared file system, and a raw image file or block device for a volume.
/// The path is percent-decoded (RFC 3986 section 2.1) and must be absolute UTF-8 text. A plain absolute path is taken
/// as it is. Other schemes are refused with a sentence that names what is possible.
public enum LocationURI {
    /// - Parameters:
    ///   - text: as the user registered it.
    ///   - type: the resource's type, such as `OS::Cinder::Volume`.
    public static func parse(_ text: String, type: String) throws(LocationError) -> SourceLocation {
        let path = try path(of: text)
        switch type {
        case "OS::Sfs::Turbo": return .tree(path: path)
        case "OS::Cinder::Volume": return .image(path: path)
        default: throw .unsupportedType(type)
        }
    }

    private static func path(of text: String) throws(LocationError) -> String {
        if text.hasPrefix("/") { return try checked(text, in: text) }
        guard let colon = text.firstIndex(of: ":"), text[..<colon].lowercased() == "file" else {
            throw .unsupportedScheme(text)
        }
        var rest = text[text.index(after: colon)...]
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let host = rest.prefix { $0 != "/" }
            guard host.isEmpty || host.lowercased() == "localhost" else {
                throw .malformed(text, "it names the host '\(host)', and only this machine's files can be read")
            }
            rest = rest.dropFirst(host.count)
        }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw .malformed(text, "write '?' as %3F and '#' as %23")
        }
        guard let decoded = rest.removingPercentEncoding else {
            throw .malformed(text, "its percent signs do not spell UTF-8 text")
        }
        return try checked(decoded, in: text)
    }

    private static func checked(_ path: String, in text: String) throws(LocationError) -> String {
        guard path.utf8.first == UInt8(ascii: "/") else { throw .malformed(text, "its path is not absolute") }
        guard !path.utf8.contains(0) else { throw .malformed(text, "its path has a NUL byte") }
        return path
    }
}

/// A location that this service can't read.
public struct LocationError: Error, Sendable, Equatable {
    public enum Code: String, Sendable, CaseIterable {
        case unsupportedScheme, unsupportedType, malformed
    }

    public let code: Code
    /// One sentence: what was given, and what would be right.
    public let message: String
}

extension LocationError {
    static func unsupportedScheme(_ text: String) -> Self {
        Self(
            code: .unsupportedScheme,
            message: "the location '\(text)' is not supported: give a path of this machine as file:///path")
    }

    static func unsupportedType(_ type: String) -> Self {
        Self(
            code: .unsupportedType,
            message: "resources of type \(type) can't be backed up yet: use OS::Sfs::Turbo or OS::Cinder::Volume")
    }

    static func malformed(_ text: String, _ reason: String) -> Self {
        Self(code: .malformed, message: "the location '\(text)' can't be read: \(reason)")
    }
}
