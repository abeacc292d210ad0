import CFuse
import CHoldfast
import Foundation

/// Takes the kernel's requests on some threads of its own until it is told to stop, or somebody unmounts.
///
/// libfuse's own loop waits for a signal on one certain thread, and cancels the others; this one waits on descriptors.
struct FuseLoop {
    /// More than there are cores: most wait for a disk.
    static let threads = 8

    private struct Session: @unchecked Sendable {  // libfuse locks inside, and allows all threads at once
        let pointer: OpaquePointer
    }

    private let session: Session

    /// - Parameter session: mounted; it must live until ``run(until:)`` has returned.
    init(_ session: OpaquePointer) { self.session = Session(pointer: session) }

    /// - Parameter stop: ends the loop as soon as it can be read from; nobody reads from it.
    func run(until stop: Int32) {
        let device = fuse_session_fd(session.pointer)
        // Several threads see one request come, and all but one must not wait for the next in read(2).
        _ = fcntl(device, F_SETFL, fcntl(device, F_GETFL) | O_NONBLOCK)
        let group = DispatchGroup()
        for index in 0..<Self.threads {
            group.enter()
            Thread { [session] in
                holdfast_name_thread("mount-\(index)")
                Self.serve(session.pointer, device, stop)
                group.leave()
            }.start()
        }
        group.wait()
    }

    private static func serve(_ session: OpaquePointer, _ device: Int32, _ stop: Int32) {
        var buffer = fuse_buf()
        defer { free(buffer.mem) }
        while fuse_session_exited(session) == 0 {
            var waiting = [
                pollfd(fd: device, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&waiting, 2, -1) > 0 || errno == EINTR else { return }
            if waiting[1].revents != 0 { return }
            let count = fuse_session_receive_buf(session, &buffer)
            if count > 0 {
                fuse_session_process_buf(session, &buffer)
            } else if count != -EAGAIN && count != -EINTR {
                // Unmounted from elsewhere: the other threads see the same.
                return
            }
        }
    }
}
