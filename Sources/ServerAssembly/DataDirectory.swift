/// Where things lie below `--data`.
public struct DataDirectory: Sendable, Equatable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public var catalog: String { path + "/catalog.sqlite" }
    /// There only where the catalog is in a database: what the two know each other by.
    public var catalogID: String { path + "/catalog.id" }
    public var repository: String { path + "/repository" }
    /// For what need not outlive the process. May be removed while the server does not run.
    public var scratch: String { path + "/scratch" }
    /// Opens the repository. Mode 0600.
    public var repositoryKey: String { path + "/repository.key" }
    /// Seals the secret keys of access keys in the catalog. Mode 0600.
    public var secretsKey: String { path + "/secrets.key" }
    /// What the first start tells the administrator. Mode 0600.
    public var adminCredentials: String { path + "/admin-credentials.json" }
    /// Marks of block devices that a restore has half written. The marks of files and trees lie beside and in them.
    public var journals: String { path + "/journals" }
    /// Held by the one server that may use the directory.
    public var lock: String { path + "/holdfast.lock" }
    public var version: String { path + "/version" }
}
