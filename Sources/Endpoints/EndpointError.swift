import Glibc

/// A place that can't be used as source or target.
public struct EndpointError: Error, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// Nothing there, or a part of the path is not a directory.
        case missing
        /// There is something else than what was asked for: a directory, not an image, or the reverse.
        case wrongKind
        /// The system refuses: permissions, a broken disk, a name that is too long.
        case refused
        /// Not below any root that the administrator allows.
        case outsideAllowedRoots
    }

    public let code: Code
    /// One sentence: what was attempted, on what, and what the operator can do.
    public let message: String
    public let facts: [String: String]
    public let cause: (any Error)?

    public init(code: Code, message: String, facts: [String: String] = [:], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.facts = facts
        self.cause = cause
    }
}

extension EndpointError {
    static func missing(_ path: String) -> Self {
        Self(code: .missing, message: "there is nothing at \(path)", facts: ["path": path])
    }

    static func notAbsolute(_ path: String) -> Self {
        Self(code: .missing, message: "the path '\(path)' is not absolute", facts: ["path": path])
    }

    static func notText(_ path: String) -> Self {
        Self(
            code: .refused, message: "the real path of \(path) is not UTF-8 text; use a path that is",
            facts: ["path": path])
    }

    static func danglingLink(_ path: String) -> Self {
        Self(code: .missing, message: "\(path) goes through a symbolic link that leads nowhere", facts: ["path": path])
    }

    static func wrongKind(_ path: String, wanted: String) -> Self {
        Self(code: .wrongKind, message: "\(path) is not \(wanted)", facts: ["path": path, "wanted": wanted])
    }

    static func outside(_ path: String, roots: [String]) -> Self {
        Self(
            code: .outsideAllowedRoots,
            message: "\(path) is not below a directory that the administrator allows (protect.allowed_roots)",
            facts: ["path": path, "allowed_roots": roots.joined(separator: ":")])
    }

    /// What no user may reach, whatever the administrator allows.
    package static func ownPlace(_ path: String) -> Self {
        Self(
            code: .outsideAllowedRoots, message: "\(path) belongs to the service itself", facts: ["path": path])
    }

    /// A system call on a path failed.
    package static func system(_ action: String, _ path: String, _ number: Int32) -> Self {
        let reason = String(cString: strerror(number))
        let code: Code = number == ENOENT || number == ENOTDIR ? .missing : .refused
        return Self(
            code: code, message: "cannot \(action) \(path): \(reason)", facts: ["path": path, "errno": "\(number)"])
    }
}
