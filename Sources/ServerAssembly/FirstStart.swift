import Foundation
import Identity

/// Makes the first administrator, and keeps the published endpoint true.
struct FirstStart: Sendable {
    let identity: IdentityService
    let directory: DataDirectory

    /// - Parameter endpoint: where the server really listens.
    func publish(region: String, endpoint: String) async throws {
        let directory = directory
        let made = try await identity.bootstrap(region: region, endpoint: endpoint) { credentials in
            try AdminCredentialsFile.write(credentials, to: directory)
        }
        if made == nil { try updateEndpoint(endpoint) }
    }

    /// The administrator may have moved the file to a safer place, or given up its password: then there is nothing to do.
    private func updateEndpoint(_ endpoint: String) throws {
        guard let bytes = try? SecretFile.read(directory.adminCredentials),
            var object = try? JSONDecoder().decode([String: String].self, from: Data(bytes)),
            object["endpoint"] != endpoint
        else { return }
        object["endpoint"] = endpoint
        object["iam_endpoint"] = endpoint
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try SecretFile.write(
            Array(try encoder.encode(object)) + [UInt8(ascii: "\n")], to: directory.adminCredentials,
            existing: .replace)
    }
}
