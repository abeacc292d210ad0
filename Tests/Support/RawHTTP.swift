import CHoldfast
public import Foundation
import HoldfastCore

/// Speaks HTTP/1.1 by writing bytes to a socket: whatever a test wants to send, well formed or not, arrives as it is.
public final class RawHTTP: Sendable {
    public struct Reply: Sendable {
        public let status: Int
        /// Names in lower case.
        public let headers: [String: String]
        public let body: Data

        /// The body as a JSON object; empty when it is none.
        public var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
        }

        /// A value inside the body's JSON, by keys and indexes joined with dots: `error.code`, `projects.0.id`.
        public func value<Value>(_ path: String, as type: Value.Type = Value.self) -> Value? {
            var value: Any = json
            for key in path.split(separator: ".") {
                switch value {
                case let object as [String: Any]: value = object[String(key)] ?? NSNull()
                case let list as [Any]:
                    guard let index = Int(key), list.indices.contains(index) else { return nil }
                    value = list[index]
                default: return nil
                }
            }
            return value as? Value
        }
    }

    public struct Failure: Error { let call: String, code: Int32 }

    public let port: Int
    private let threads = NamedThreadPool(name: "test-http", threads: 4)

    public init(port: Int) { self.port = port }

    deinit { threads.close() }

    /// Sends one request on a connection of its own.
    ///
    /// - Parameter target: the raw path and query.
    public func send(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) async throws -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { head += "Host: 127.0.0.1:\(port)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !headers.contains(where: { $0.name.lowercased() == "content-length" }), !body.isEmpty || method != "GET" {
            head += "Content-Length: \(body.count)\r\n"
        }
        return try await send(bytes: Array((head + "Connection: close\r\n\r\n").utf8) + body)
    }

    /// Sends bytes as they are, and reads what comes back until the other side closes.
    ///
    /// - Parameter hangsUp: says after the bytes that no more will come, as a client does that dies.
    public func send(bytes: [UInt8], hangsUp: Bool = false) async throws -> Reply {
        let port = port
        return try await threads.run { try Self.parse(Self.exchange(bytes, hangsUp: hangsUp, port: port)) }
    }

    /// Sends bytes as they are; gives back, as it came, all that the other side said until it closed.
    public func exchange(bytes: [UInt8]) async throws -> Data {
        let port = port
        return try await threads.run { try Self.exchange(bytes, hangsUp: false, port: port) }
    }

    /// Sends a head, and then the same bytes over and over until the other side closes.
    ///
    /// - Returns: what the other side said before it closed.
    public func pour(_ head: [UInt8], then more: [UInt8]) async throws -> Reply {
        let port = port
        return try await threads.run {
            let connection = try Self.connect(to: port)
            defer { close(connection) }
            var reply = Data()
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            var isOpen = Self.put(head, into: connection)
            while isOpen {
                isOpen = Self.put(more, into: connection)
                // What was said is taken at once: a reset may throw away what nobody has read.
                let count = recv(connection, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count > 0 { reply += buffer.prefix(count) }
            }
            return try Self.parse(reply)
        }
    }

    private static func exchange(_ bytes: [UInt8], hangsUp: Bool, port: Int) throws -> Data {
        let connection = try connect(to: port)
        defer { close(connection) }
        // A server that refuses early closes while we still send: what it said is still to be read.
        _ = put(bytes, into: connection)
        if hangsUp { shutdown(connection, Int32(SHUT_WR)) }
        var reply = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            // A side that closes before it has read all that came resets: nothing more will come either way.
            if count < 0, reply.isEmpty, errno != ECONNRESET { throw Failure(call: "recv", code: errno) }
            guard count > 0 else { return reply }
            reply += buffer.prefix(count)
        }
    }

    private static func connect(to port: Int) throws -> Int32 {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0 else { throw Failure(call: "socket", code: errno) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            let code = errno
            close(connection)
            throw Failure(call: "connect", code: code)
        }
        return connection
    }

    /// - Returns: false when the other side takes no more.
    private static func put(_ bytes: [UInt8], into connection: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    private static func parse(_ bytes: Data) throws -> Reply {
        guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { throw Failure(call: "no head", code: 0) }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure(call: "no status", code: 0)
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        return Reply(status: status, headers: headers, body: Data(bytes[end.upperBound...]))
    }
}
