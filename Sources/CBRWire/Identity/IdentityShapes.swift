/// Answers of the Identity API v3, as far as clients read them.
public enum IdentityShapes {
    public struct Named: Encodable, Sendable {
        public let id: String
        public let name: String

        public init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    public struct User: Encodable, Sendable {
        public let id: String
        public let name: String
        public let domain: Named
        public let passwordExpiresAt: String?

        public init(id: String, name: String, domain: Named) {
            self.id = id
            self.name = name
            self.domain = domain
            passwordExpiresAt = nil
        }
    }

    public struct ScopedProject: Encodable, Sendable {
        public let id: String
        public let name: String
        public let domain: Named

        public init(id: String, name: String, domain: Named) {
            self.id = id
            self.name = name
            self.domain = domain
        }
    }

    public struct Endpoint: Encodable, Sendable {
        public let id: String
        public let interface = "public"
        public let region: String
        public let regionId: String
        public let url: String

        public init(id: String, region: String, url: String) {
            self.id = id
            self.region = region
            regionId = region
            self.url = url
        }
    }

    public struct Service: Encodable, Sendable {
        public let id: String
        public let type: String
        public let name: String
        public let endpoints: [Endpoint]

        public init(id: String, type: String, endpoints: [Endpoint]) {
            self.id = id
            self.type = type
            name = type
            self.endpoints = endpoints
        }
    }

    public struct Token: Encodable, Sendable {
        public var methods: [String] = []
        public var user: User
        public var issuedAt = ""
        public var expiresAt = ""
        public var auditIds: [String] = []
        public var isDomain = false
        public var project: ScopedProject?
        public var domain: Named?
        public var roles: [Named]?
        public var catalog: [Service]?

        public init(user: User) { self.user = user }
    }

    public struct TokenBody: Encodable, Sendable {
        public let token: Token
        public init(token: Token) { self.token = token }
    }

    public struct Links: Encodable, Sendable {
        let ownLink: String
        let next: String?
        let previous: String?

        public init(_ own: String) {
            ownLink = own
            next = nil
            previous = nil
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(ownLink, forKey: .own)
            try container.encode(next, forKey: .next)
            try container.encode(previous, forKey: .previous)
        }

        private enum Keys: String, CodingKey { case own = "self", next, previous }
    }

    public struct Project: Encodable, Sendable {
        public let id: String
        public let name: String
        public let domainId: String
        public let parentId: String
        public let isDomain = false
        public let enabled: Bool
        public let description: String
        public let links: Links

        public init(id: String, name: String, domain: String, isEnabled: Bool, description: String, link: String) {
            self.id = id
            self.name = name
            domainId = domain
            parentId = domain
            enabled = isEnabled
            self.description = description
            links = Links(link)
        }
    }

    public struct ProjectBody: Encodable, Sendable {
        public let project: Project
        public init(project: Project) { self.project = project }
    }

    public struct ProjectList: Encodable, Sendable {
        public let projects: [Project]
        public let links: Links

        public init(projects: [Project], link: String) {
            self.projects = projects
            links = Links(link)
        }
    }

    public struct Domain: Encodable, Sendable {
        public let id: String
        public let name: String
        public let enabled = true
        public let description = ""

        public init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    public struct DomainList: Encodable, Sendable {
        public let domains: [Domain]
        public let links: Links

        public init(domains: [Domain], link: String) {
            self.domains = domains
            links = Links(link)
        }
    }

    public struct CatalogBody: Encodable, Sendable {
        public let catalog: [Service]
        public let links: Links

        public init(catalog: [Service], link: String) {
            self.catalog = catalog
            links = Links(link)
        }
    }

    public struct ApplicationCredential: Encodable, Sendable {
        public let id: String
        public let name: String
        public let description: String
        public let projectId: String
        public let expiresAt: String?
        public let unrestricted = false
        public let roles: [Named]
        /// Only in the answer to its creation.
        public let secret: String?

        public init(
            id: String, name: String, description: String, project: String, expiresAt: String?, roles: [Named],
            secret: String?
        ) {
            self.id = id
            self.name = name
            self.description = description
            projectId = project
            self.expiresAt = expiresAt
            self.roles = roles
            self.secret = secret
        }
    }

    public struct ApplicationCredentialBody: Encodable, Sendable {
        public let applicationCredential: ApplicationCredential
        public init(_ credential: ApplicationCredential) { applicationCredential = credential }
    }

    public struct ApplicationCredentialList: Encodable, Sendable {
        public let applicationCredentials: [ApplicationCredential]
        public let links: Links

        public init(_ credentials: [ApplicationCredential], link: String) {
            applicationCredentials = credentials
            links = Links(link)
        }
    }

    public struct Version: Encodable, Sendable {
        public struct Link: Encodable, Sendable {
            public let rel: String
            public let href: String
        }

        public struct MediaType: Encodable, Sendable {
            public let base = "application/json"
            public let type = "application/vnd.openstack.identity-v3+json"
        }

        enum Keys: String, CodingKey {
            case id, status, updated, links, version
            case mediaTypes = "media-types"
            case minVersion
        }

        private let href: String

        public init(href: String) { self.href = href }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode("v3.14", forKey: .id)
            try container.encode("stable", forKey: .status)
            try container.encode("2020-04-07T00:00:00Z", forKey: .updated)
            try container.encode([Link(rel: "self", href: href)], forKey: .links)
            try container.encode([MediaType()], forKey: .mediaTypes)
            try container.encode("", forKey: .version)
            try container.encode("", forKey: .minVersion)
        }
    }

    /// `GET /`.
    public struct VersionList: Encodable, Sendable {
        public struct Values: Encodable, Sendable { public let values: [Version] }

        public let versions: Values
        public init(href: String) { versions = Values(values: [Version(href: href)]) }
    }

    /// `GET /v3`.
    public struct VersionBody: Encodable, Sendable {
        public let version: Version
        public init(href: String) { version = Version(href: href) }
    }
}
