import Foundation

/// What `make nightly` asks for beyond `make test`.
enum Nightly {
    static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    /// 1 in `make test`.
    static var factor: Int { Int(number("HOLDFAST_EFFORT") ?? 1) }
}
