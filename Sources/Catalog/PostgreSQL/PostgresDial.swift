internal import CPostgres
internal import Foundation
internal import HoldfastCore

/// Gets a connection from one of the hosts that a target names, in their order: the first that answers and is what
/// `target_session_attrs` asks for.
///
/// libpq goes on to the next host by itself when one refuses; when one takes the connection and says nothing, or the network swallows
/// what is sent, only its blocking calls do, and those can't be left. So each host is tried on its own, with an end of its own. A name
/// with several addresses is one host.
struct PostgresDial {
    let target: PostgresTarget
    /// For each host, unless the target says `connect_timeout`.
    let limit: Duration
    let uptime: @Sendable () -> Duration

    /// - Returns: a connection for `PQfinish`.
    /// - Throws: ``PostgresFailure`` with what each host said.
    func connect() throws -> OpaquePointer {
        let parameters = target.connectionParameters
        let first = try start(parameters)
        // What holds may also come from variables and service files: only libpq knows.
        let settings = Self.settings(of: first)
        let limit = Self.seconds(settings["connect_timeout"]) ?? limit
        let hosts = Self.hosts(settings)
        guard hosts.count > 1 else {
            try finish(first, within: limit)
            return first
        }
        PQfinish(first)
        let others = parameters.filter { !["host", "hostaddr", "port"].contains($0.keyword) }
        var failures: [PostgresFailure] = []
        for host in hosts {
            do {
                let handle = try start(others + host)
                try finish(handle, within: limit)
                return handle
            } catch let failure as PostgresFailure {
                failures.append(failure)
            }
        }
        throw PostgresFailure(
            state: "", message: failures.map(\.message).joined(separator: "; "), isConnectionLost: true,
            isSilence: failures.contains { $0.isSilence })
    }

    private func start(_ parameters: [PostgresTarget.Parameter]) throws -> OpaquePointer {
        let made = withCStrings(parameters.map(\.keyword)) { keywords in
            withCStrings(parameters.map(\.value)) { values in PQconnectStartParams(keywords, values, 0) }
        }
        guard let made else {
            throw PostgresFailure(state: "", message: "there is no memory for a connection", isConnectionLost: true)
        }
        guard PQstatus(made) != CONNECTION_BAD else {
            defer { PQfinish(made) }
            throw PostgresFailure.lost(made)
        }
        // Notices would go to standard error.
        PQsetNoticeProcessor(made, { _, _ in }, nil)
        return made
    }

    /// Waits until the connection can be used; frees it when that fails.
    private func finish(_ handle: OpaquePointer, within limit: Duration) throws {
        do {
            let end = uptime() + limit
            var state = PGRES_POLLING_WRITING
            while true {
                guard PQstatus(handle) != CONNECTION_BAD else { throw PostgresFailure.lost(handle) }
                switch state {
                case PGRES_POLLING_OK:
                    PQsetnonblocking(handle, 1)
                    return
                case PGRES_POLLING_READING: try Self.wait(for: Int16(POLLIN), of: handle, until: end, uptime)
                case PGRES_POLLING_WRITING: try Self.wait(for: Int16(POLLOUT), of: handle, until: end, uptime)
                default: throw PostgresFailure.lost(handle)
                }
                state = PQconnectPoll(handle)
            }
        } catch {
            PQfinish(handle)
            throw error
        }
    }

    /// Waits for a connection's socket; without an end, as long as the connection stands.
    static func wait(
        for events: Int16, of handle: OpaquePointer, until end: Duration?, _ uptime: () -> Duration
    ) throws {
        var entry = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        guard entry.fd >= 0 else { throw PostgresFailure.lost(handle) }
        while true {
            let left = end.map { $0 - uptime() } ?? .seconds(1)
            guard left > .zero else { throw PostgresFailure.silence(handle) }
            let slice = Int32(min(max(left / .milliseconds(1), 1), 1000))
            let ready = poll(&entry, 1, slice)
            if ready > 0 { return }
            guard ready == 0 || errno == EINTR else { throw PostgresFailure.lost(handle) }
        }
    }

    // MARK: Settings

    private static func settings(of handle: OpaquePointer) -> [String: String] {
        guard let options = PQconninfo(handle) else { return [:] }
        defer { PQconninfoFree(options) }
        var found: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { found[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return found
    }

    /// As libpq reads it, where nothing, 0 and less are no limit; here they are ours.
    static func seconds(_ text: String?) -> Duration? {
        guard let text, let seconds = Int32(text), seconds > 0 else { return nil }
        return .seconds(Int64(seconds))
    }

    /// The parameters that name each host alone. libpq has seen to it that the lists are of one length, or of one port.
    static func hosts(_ settings: [String: String]) -> [[PostgresTarget.Parameter]] {
        func list(_ keyword: String) -> [String] {
            settings[keyword].map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
        }
        let (names, addresses, ports) = (list("host"), list("hostaddr"), list("port"))
        return (0..<max(names.count, addresses.count)).map { index in
            [("host", names), ("hostaddr", addresses), ("port", ports)].compactMap { keyword, values in
                guard let value = values.count == 1 ? values[0] : values.dropFirst(index).first, !value.isEmpty else {
                    return nil
                }
                return PostgresTarget.Parameter(keyword: keyword, value: value)
            }
        }
    }
}

extension PostgresFailure {
    static func lost(_ handle: OpaquePointer) -> Self {
        Self(state: "", message: message(of: handle), isConnectionLost: true)
    }

    static func silence(_ handle: OpaquePointer) -> Self {
        let host = PQhost(handle).map { String(cString: $0) } ?? ""
        let port = PQport(handle).map { String(cString: $0) } ?? ""
        let name = host.isEmpty ? "the server" : "the server at \(host), port \(port),"
        return Self(state: "", message: "\(name) does not answer", isConnectionLost: true, isSilence: true)
    }

    /// What libpq says of the connection: hosts, users and reasons, no passwords. One line.
    static func message(of handle: OpaquePointer) -> String {
        let text = String(cString: PQerrorMessage(handle))
        let line = text.split(whereSeparator: \.isNewline).map { $0.drop { $0.isWhitespace } }.joined(separator: "; ")
        return line.isEmpty ? "the connection was lost" : line
    }
}

/// C strings that live as long as `body` runs, ended by a null pointer.
func withCStrings<Result>(
    _ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) throws -> Result
) rethrows -> Result {
    let copies = texts.map { $0.flatMap { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { $0.map { UnsafePointer($0) } } + [nil]
    return try pointers.withUnsafeBufferPointer { try body($0.baseAddress) }
}
