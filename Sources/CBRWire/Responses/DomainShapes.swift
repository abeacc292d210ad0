public struct ProjectNamesBody: Encodable, Sendable {
    public struct Project: Encodable, Sendable {
        public let projectId: String
        public let projectName: String

        public init(projectId: String, projectName: String) {
            self.projectId = projectId
            self.projectName = projectName
        }
    }

    public let projects: [Project]
    public init(_ projects: [Project]) { self.projects = projects }
}

public struct DomainOfProjectBody: Encodable, Sendable {
    public let domainId: String
    public let domainName: String
    public let projectId: String
    public let projectName: String

    public init(domainId: String, domainName: String, projectId: String, projectName: String) {
        self.domainId = domainId
        self.domainName = domainName
        self.projectId = projectId
        self.projectName = projectName
    }
}

public struct RegionProjectsBody: Encodable, Sendable {
    public struct Link: Encodable, Sendable {
        public let `self`: String
    }

    public struct Project: Encodable, Sendable {
        public let description: String
        public let domainId: String
        public let enabled: Bool
        public let id: String
        public let isDomain = false
        public let links: Link
        public let name: String
        public let parentId: String

        public init(id: String, name: String, description: String, domain: String, isEnabled: Bool, link: String) {
            self.id = id
            self.name = name
            self.description = description
            domainId = domain
            parentId = domain
            enabled = isEnabled
            links = Link(self: link)
        }
    }

    public let links: Link
    public let projects: [Project]

    public init(_ projects: [Project], link: String) {
        links = Link(self: link)
        self.projects = projects
    }
}

/// There is never anything to move.
public struct MigrateStatusBody: Encodable, Sendable {
    public let projectStatus: [String] = []
    public let status = "success"
    public init() {}
}
