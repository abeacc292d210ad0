public import Catalog
public import HoldfastCore

/// Who asks, in which project, and with which rights. Authentication has made sure of all of it.
public struct Caller: Sendable, Equatable {
    public let project: ProjectID
    /// Nil for the service itself.
    public let user: UserID?
    public let role: Role
    /// The `X-Request-Id` of the call.
    public let requestID: String

    public init(project: ProjectID, user: UserID?, role: Role, requestID: String) {
        self.project = project
        self.user = user
        self.role = role
        self.requestID = requestID
    }

    func mustWrite() throws {
        guard role.mayWrite else { throw ControlError.forbidden("change anything", role) }
    }

    func mustDeleteVaults() throws {
        guard role.mayDeleteVaults else { throw ControlError.forbidden("delete vaults", role) }
    }
}
