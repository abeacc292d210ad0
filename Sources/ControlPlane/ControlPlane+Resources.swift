public import Catalog
public import HoldfastCore

/// A resource to make known.
public struct ResourceDraft: Sendable {
    /// Nil makes one up.
    public var id: ResourceID?
    public var type: ResourceType
    public var name: String
    public var location: String
    public var tags: [Tag]

    public init(id: ResourceID? = nil, type: ResourceType, name: String, location: String, tags: [Tag] = []) {
        self.tags = tags
        self.id = id
        self.type = type
        self.name = name
        self.location = location
    }
}

/// A resource, and the vault that holds it.
public struct ResourceView: Sendable, Equatable {
    public let record: ResourceRecord
    public let vault: VaultID?
    public let tags: [Tag]
}

extension ControlPlane {
    /// Makes a resource known. Its location has to be reachable now, and below an allowed root.
    public func registerResource(_ draft: ResourceDraft, by caller: Caller) async throws -> ResourceView {
        try caller.mustWrite()
        guard (1...255).contains(draft.name.unicodeScalars.count) else {
            throw ControlError.invalid("name", "must have 1 to 255 characters")
        }
        try Self.mustBeTags(draft.tags)
        let sizeBytes: Int64?
        switch try await inspect(location: draft.location, type: draft.type, role: .source) {
        case .reachable(let found, _): sizeBytes = found
        case .unreachable(let reason), .refused(let reason):
            throw ControlError(
                code: .locationRefused, message: reason, facts: ["field": "location", "location": draft.location])
        }
        let now = now
        let record = ResourceRecord(
            project: caller.project, id: draft.id ?? .randomDashed(seams.randomBytes), type: draft.type,
            name: draft.name, location: draft.location, sizeBytes: sizeBytes, createdAt: now, updatedAt: now)
        return try await write { transaction in
            guard try transaction.resources.find(record.id, in: record.project) == nil else {
                throw ControlError(
                    code: .resourceExists, message: "there is a resource \(record.id) already",
                    facts: ["resource.id": record.id.text])
            }
            try transaction.resources.insert(record)
            try transaction.resourceTags.set(draft.tags, of: record.id, in: record.project)
            try transaction.autoBind(record, now: now)
            return try transaction.view(record)
        }
    }

    public func listResources(
        _ filter: ResourceFilter = ResourceFilter(), page: Page<ResourceID> = Page(), by caller: Caller
    ) async throws -> Listing<ResourceView> {
        try await read { transaction in
            let found = try transaction.resources.list(in: caller.project, filter, page)
            return Listing(rows: try found.rows.map { try transaction.view($0) }, count: found.count)
        }
    }

    public func showResource(_ id: ResourceID, by caller: Caller) async throws -> ResourceView {
        try await read { transaction in try transaction.view(transaction.resource(id, in: caller.project)) }
    }

    /// Forgets a resource that is in no vault. Its backups, if a vault keeps some, stay.
    public func removeResource(_ id: ResourceID, by caller: Caller) async throws {
        try caller.mustWrite()
        try await write { transaction in
            let view = try transaction.view(transaction.resource(id, in: caller.project))
            if let vault = view.vault {
                throw ControlError(
                    code: .resourceInUse, message: "resource \(id) is in vault \(vault); remove it from there first",
                    facts: ["resource.id": id.text, "vault.id": vault.text])
            }
            let isTarget = try transaction.operations.unfinished(in: caller.project).contains { $0.resource == id }
            guard !isTarget else {
                throw ControlError(
                    code: .resourceInUse, message: "an operation on resource \(id) is running; wait until it ends",
                    facts: ["resource.id": id.text])
            }
            try transaction.resourceTags.set([], of: id, in: caller.project)
            try transaction.resources.delete(id, in: caller.project)
        }
    }
}

extension SQLTransaction {
    func view(_ record: ResourceRecord) throws -> ResourceView {
        ResourceView(
            record: record, vault: try vaultResources.find(record.id, in: record.project)?.vault,
            tags: try resourceTags.of(record.id, in: record.project))
    }
}
