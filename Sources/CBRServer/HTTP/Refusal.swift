import HTTPTypes

/// A request that is not carried out: a status, and what the error body says.
struct Refusal: Error, Sendable {
    let status: HTTPResponse.Status
    /// `BackupService.6105`, `APIGW.0301`, …; left out of the bodies of identity routes.
    let code: String
    /// One sentence that names the field and the rule, or what to do.
    let message: String
    /// For the log only.
    var reason: String?
    /// True when the rest of the request can't be read, or is not worth reading.
    var closesConnection = false
    /// What the path takes instead, where the method is what was wrong.
    var allowed: [HTTPRequest.Method] = []
}

extension Refusal {
    static func unauthenticated(_ reason: String?) -> Self {
        Self(
            status: .unauthorized, code: "APIGW.0301",
            message: "The request you have made requires authentication.", reason: reason)
    }

    static func forbidden(_ message: String) -> Self {
        Self(status: .forbidden, code: "BackupService.8600", message: message)
    }

    static func notFound(_ message: String) -> Self {
        Self(status: .notFound, code: "APIGW.0101", message: message)
    }

    static func badRequest(_ message: String) -> Self {
        Self(status: .badRequest, code: "BackupService.9900", message: message)
    }

    static func bodyTooLarge(_ bytesMax: Int) -> Self {
        Self(
            status: .contentTooLarge, code: "BackupService.9900",
            message: "the request body is larger than \(bytesMax) bytes", closesConnection: true)
    }

    static func bodyTooSlow(_ seconds: Int) -> Self {
        Self(
            status: .requestTimeout, code: "BackupService.9900",
            message: "the request body did not arrive within \(seconds) seconds", closesConnection: true)
    }

    static let unreadable = Self(
        status: .badRequest, code: "BackupService.9900",
        message: "the request is not HTTP/1.1, or its head is too large",
        closesConnection: true)

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Self {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Self(
            status: .methodNotAllowed, code: "APIGW.0101", message: "this path takes \(names)", allowed: allowed)
    }

    static let bodyBroken = Self(
        status: .badRequest, code: "BackupService.9900", message: "the request body ends before its declared length",
        closesConnection: true)
}

/// What a request may cost before anyone knows whose it is.
enum Limits {
    /// The largest documented body, 256 resources with all their fields, is under 200 KiB.
    static let bodyBytesMax = 1 << 20
    static let bodySeconds = 30
    /// A batch of chunks: 4 MiB, one chunk more, and their names.
    static let chunksBodyBytesMax = 10 << 20
    /// A line of 18 KB/s brings such a batch in time.
    static let chunksBodySeconds = 600
    /// How many of those at once.
    static let largeBodiesMax = 8
    /// From the beginning of a connection to the end of its first head.
    static let headPatience = Duration.seconds(15)
    /// How long a connection lives on after an answer that ends it: time for the answer to arrive.
    static let lingerSeconds: Int64 = 2
    static let idleConnectionSeconds = 75
    static let connectionsMax = 1024
    static let headerBytesMax = 32 << 10
}
