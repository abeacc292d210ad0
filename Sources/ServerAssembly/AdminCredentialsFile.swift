import Foundation
import Identity

/// `admin-credentials.json`: what the first start tells the administrator, in the form that client verbs read.
enum AdminCredentialsFile {
    static func write(_ credentials: AdminCredentials, to directory: DataDirectory) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes = Array(try encoder.encode(credentials)) + [UInt8(ascii: "\n")]
        try SecretFile.write(bytes, to: directory.adminCredentials, existing: .replace)
    }
}
