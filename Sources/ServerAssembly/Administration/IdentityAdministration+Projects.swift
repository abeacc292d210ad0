import Catalog
import HoldfastCore
import Identity

extension IdentityAdministration {
    public func projects() async throws(AdministrationError) -> [ProjectEntry] {
        try await wrapped { try await identity.projects().map { entry($0) } }
    }

    public func project(_ project: String) async throws(AdministrationError) -> ProjectEntry {
        try await wrapped { entry(try await find(project: project)) }
    }

    public func createProject(name: String, description: String) async throws(AdministrationError) -> ProjectEntry {
        try await wrapped {
            entry(try await identity.createProject(name: name, description: description, in: try await domain()))
        }
    }

    /// A disabled project is nobody's: its tokens and its path are refused, its data stays.
    public func setEnabled(_ isEnabled: Bool, project: String) async throws(AdministrationError) -> ProjectEntry {
        try await wrapped {
            let found = try await find(project: project)
            try await identity.setEnabled(isEnabled, project: found.id)
            return entry(try await find(project: found.id.text))
        }
    }

    private func entry(_ project: ProjectRecord) -> ProjectEntry {
        ProjectEntry(
            id: project.id.text, name: project.name, domainID: project.domain.text, description: project.description,
            isEnabled: project.isEnabled, createdAt: project.createdAt.date)
    }
}
