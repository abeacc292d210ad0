public import Catalog
public import HoldfastCore

extension IdentityService {
    /// Makes a project again under the id it had, with the role of an administrator for the first user.
    ///
    /// - Returns: nil when the project is there.
    public func restoreProject(_ id: ProjectID) async throws(IdentityError) -> ProjectRecord? {
        let now = now
        return try await write { transaction in
            guard try transaction.project(id) == nil else { return nil }
            guard let domain = try transaction.domains().first else {
                throw IdentityError(.notFound, "there is no domain yet")
            }
            let project = ProjectRecord(
                id: id, domain: domain.id, name: "recovered-\(id.text.prefix(12))",
                description: "made again from the repository", isEnabled: true, createdAt: now)
            try transaction.insert(project)
            if let admin = try transaction.users().first(where: { $0.name == Self.adminUser && $0.domain == domain.id })
            {
                try transaction.grant(RoleGrant(user: admin.id, project: id, role: .admin))
            }
            return project
        }
    }
}
