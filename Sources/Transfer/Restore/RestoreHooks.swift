/// Lets tests act at exact moments of a restore. Production passes none.
package struct RestoreHooks: Sendable {
    /// Before bytes are written to the target; throwing ends the restore as a crash would, with the target as it is.
    package var willWrite: @Sendable (_ path: String, _ offsetBytes: Int64, _ lengthBytes: Int) throws -> Void

    package init(
        willWrite: @escaping @Sendable (_ path: String, _ offsetBytes: Int64, _ lengthBytes: Int) throws -> Void = {
            _, _, _ in
        }
    ) {
        self.willWrite = willWrite
    }
}
