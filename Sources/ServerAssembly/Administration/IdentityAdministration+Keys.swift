import Catalog
import HoldfastCore
import Identity

extension IdentityAdministration {
    /// - Parameter user: nil for the keys of all.
    public func accessKeys(of user: String? = nil) async throws(AdministrationError) -> [AccessKeyEntry] {
        try await wrapped {
            var keys = try await identity.accessKeys()
            if let user {
                let id = try await find(user: user).id
                keys.removeAll { $0.user != id }
            }
            var entries: [AccessKeyEntry] = []
            for key in keys { entries.append(try await entry(key)) }
            return entries
        }
    }

    public func accessKey(_ accessKey: String) async throws(AdministrationError) -> AccessKeyEntry {
        try await wrapped { try await entry(try await find(accessKey: accessKey)) }
    }

    /// - Returns: the key with its secret key, which is shown this once.
    public func createAccessKey(
        for user: String, description: String
    ) async throws(AdministrationError) -> AccessKeyEntry {
        try await wrapped {
            let user = try await find(user: user)
            let (key, secret) = try await identity.createAccessKey(for: user.id, description: description)
            return try await entry(key, secret: secret)
        }
    }

    public func setEnabled(_ isEnabled: Bool, accessKey: String) async throws(AdministrationError) -> AccessKeyEntry {
        try await wrapped {
            let found = try await find(accessKey: accessKey)
            try await identity.setEnabled(isEnabled, accessKey: found.accessKey)
            return try await entry(try await find(accessKey: accessKey))
        }
    }

    /// - Returns: the new key of the same user, with its secret key, which is shown this once. The old one is gone.
    public func rotateAccessKey(_ accessKey: String) async throws(AdministrationError) -> AccessKeyEntry {
        try await wrapped {
            let found = try await find(accessKey: accessKey)
            let (key, secret) = try await identity.rotateAccessKey(found.accessKey)
            return try await entry(key, secret: secret)
        }
    }

    public func deleteAccessKey(_ accessKey: String) async throws(AdministrationError) -> AccessKeyEntry {
        try await wrapped {
            let entry = try await entry(try await find(accessKey: accessKey))
            try await identity.deleteAccessKey(accessKey)
            return entry
        }
    }

    private func find(accessKey text: String) async throws -> AccessKeyRecord {
        guard let found = try await identity.accessKeys().first(where: { $0.accessKey == text }) else {
            throw AdministrationError("there is no access key '\(text)'; see: holdfast identity key list")
        }
        return found
    }

    private func entry(_ key: AccessKeyRecord, secret: String? = nil) async throws -> AccessKeyEntry {
        let user = try await identity.users().first { $0.id == key.user }
        return AccessKeyEntry(
            accessKey: key.accessKey, userID: key.user.text, userName: user?.name ?? "", purpose: key.description,
            isEnabled: key.isEnabled, createdAt: key.createdAt.date, secretKey: secret)
    }
}
