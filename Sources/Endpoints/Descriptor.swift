import Glibc

/// An open file that closes itself when nobody uses it any more.
package final class Descriptor: Sendable {
    package let number: Int32

    package init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// The status of the open file.
    package func status() throws(SystemFailure) -> ItemStatus {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw SystemFailure("fstat") }
        return ItemStatus(status)
    }
}

/// A system call that failed, with the error number it left.
package struct SystemFailure: Error, Sendable, Equatable {
    package let call: String
    package let number: Int32

    package init(_ call: String, number: Int32 = errno) {
        self.call = call
        self.number = number
    }

    /// The system's words for the error number.
    package var reason: String { String(cString: strerror(number)) }
}
