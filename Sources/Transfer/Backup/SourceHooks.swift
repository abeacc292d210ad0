/// Lets tests act at exact moments of a backup. Production passes none.
package struct SourceHooks: Sendable {
    /// Before a file is opened for its contents; the path is relative and printable.
    package var willOpen: @Sendable (_ path: String) throws -> Void
    /// After bytes of a file were read, with the offset behind them, and before anyone looks whether it changed.
    package var didRead: @Sendable (_ path: String, _ offsetBytes: Int64) -> Void

    package init(
        willOpen: @escaping @Sendable (_ path: String) throws -> Void = { _ in },
        didRead: @escaping @Sendable (_ path: String, _ offsetBytes: Int64) -> Void = { _, _ in }
    ) {
        self.willOpen = willOpen
        self.didRead = didRead
    }
}
