import Catalog
import HoldfastCore

/// Which projects of a domain have an organization policy: all, also those that are made later, or the named ones.
enum OrganizationScope: Equatable {
    case all
    case named([ProjectID])

    /// - Parameters:
    ///   - text: nothing, `all`, or the domain's id or name: all. Else ids or names of projects, joined by commas.
    ///   - projects: those of the domain.
    /// - Throws: ``ControlError`` with `.invalid` for a name that no project has.
    init(_ text: String?, domain: DomainRecord, projects: [ProjectRecord]) throws(ControlError) {
        let text = text ?? ""
        guard !["", "all", domain.id.text, domain.name].contains(text) else {
            self = .all
            return
        }
        var found: [ProjectID] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = part.drop { $0 == " " }
            guard let project = projects.first(where: { $0.id.text == name || $0.name == name }) else {
                throw .invalid(
                    "policy.effective_scope",
                    "has to be all, or ids or names of the domain's projects joined by commas")
            }
            if !found.contains(project.id) { found.append(project.id) }
        }
        self = .named(found)
    }

    func covers(_ project: ProjectID) -> Bool {
        switch self {
        case .all: true
        case .named(let projects): projects.contains(project)
        }
    }
}
