import Foundation

/// Which process this is, so that another can tell whether it still lives.
///
/// A process number alone is used again after a restart, and means another process inside a container; so the kernel's
/// boot, the name space of process numbers, and the moment of the process's start belong to it.
public struct ProcessIdentity: Sendable, Equatable, Codable {
    /// Boot id and process name space; nil where they can't be read: then nobody can tell.
    public let space: String?
    public let number: Int32
    /// In clock ticks since boot: field 22 of `/proc/PID/stat` (proc_pid_stat(5)).
    public let startTicks: UInt64?

    public init(space: String?, number: Int32, startTicks: UInt64?) {
        self.space = space
        self.number = number
        self.startTicks = startTicks
    }

    /// This process.
    public static let current = ProcessIdentity(
        space: readSpace(), number: getpid(), startTicks: startTicks(of: getpid()))

    /// True only when this process can see that the other has ended: they share a boot and a name space, and nobody of
    /// that number and start is there any more.
    public func hasEnded(seenFrom observer: ProcessIdentity = .current) -> Bool {
        guard let space, space == observer.space, let startTicks else { return false }
        return Self.startTicks(of: number) != startTicks
    }

    private static func readSpace() -> String? {
        guard let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
            let names = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        else { return nil }
        return boot.trimmingCharacters(in: .whitespacesAndNewlines) + " " + names
    }

    private static func startTicks(of number: Int32) -> UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
            // The name in parentheses may hold anything; the fields begin behind its end, with the third.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }
}
