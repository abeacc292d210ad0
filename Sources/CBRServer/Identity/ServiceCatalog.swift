import CBRWire
import Catalog
import Foundation
import HoldfastCore

/// What a client finds here, and where.
enum ServiceCatalog {
    static func services(baseURL: String, region: String, project: ProjectID?) -> [IdentityShapes.Service] {
        let backup = baseURL + "/v3" + (project.map { "/\($0)" } ?? "")
        return [
            service("identity", url: baseURL + "/v3", region: region),
            service("cbr", url: backup, region: region),
        ]
    }

    /// Ids are fixed: clients only ask that they are there.
    private static func service(_ type: String, url: String, region: String) -> IdentityShapes.Service {
        .init(id: type, type: type, endpoints: [.init(id: "\(type)-public", region: region, url: url)])
    }
}

enum RoleNames {
    static func shape(_ role: Role) -> IdentityShapes.Named {
        let name = "cbr_\(role.rawValue)"
        return .init(id: name, name: name)
    }
}

/// `2026-11-24T15:00:00.000000Z`.
enum KeystoneTime {
    static func text(_ instant: Instant) -> String { WireTime.microseconds(instant.microseconds) + "Z" }

    /// - Returns: nil unless the text is of that form, with or without fraction and `Z`.
    static func parse(_ text: String) -> Instant? {
        let parts = (text.hasSuffix("Z") ? String(text.dropLast()) : text).split(separator: ".", maxSplits: 1)
        guard let seconds = parts.first, let date = try? Date(seconds + "Z", strategy: .iso8601) else { return nil }
        return Instant(date)
    }
}
