/// Every setting there is: the one table that flags, variables, the file, `config show` and the documents go by.
public struct Setting: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case text
        /// `HOST:PORT`.
        case address
        case path
        /// Directories; `:` between them where a list has to be one text.
        case paths
        case integer(ClosedRange<Int>)
        case choice([String])
        /// A PostgreSQL URL.
        case database
    }

    /// With dots: `protect.allowed_roots`. The variable is `HOLDFAST_PROTECT_ALLOWED_ROOTS`.
    public let key: String
    public let kind: Kind
    /// Nil: there is none, and the setting may stay empty.
    public let standard: String?
    /// One sentence.
    public let about: String
    public var isSecret = false

    public var variable: String {
        Self.variablePrefix + key.uppercased().replacing(".", with: "_")
    }

    static let variablePrefix = "HOLDFAST_"
}

extension Setting {
    public static let data = Setting(
        key: "data", kind: .path, standard: nil,
        about: "The directory that holds everything: catalog, repository, keys.")
    public static let database = Setting(
        key: "database", kind: .database, standard: nil,
        about: "Where the catalog is: postgres://USER@HOST/NAME; without it, in the data directory.")
    public static let databasePasswordFile = Setting(
        key: "database_password_file", kind: .path, standard: nil,
        about: "A file with the database's password, which only its owner may read.")
    public static let listen = Setting(
        key: "listen", kind: .address, standard: "127.0.0.1:8776",
        about: "Where to accept connections; port 0 lets the system choose.")
    public static let allowedRoots = Setting(
        key: "protect.allowed_roots", kind: .paths, standard: "",
        about: "Directories below which resources and restore targets may lie; none by default.")
    public static let region = Setting(
        key: "region", kind: .text, standard: "local-1",
        about: "The region's name in the service catalog, and of the first project. Fixed at the first start.")
    public static let parallel = Setting(
        key: "jobs.parallel", kind: .integer(1...64), standard: "2", about: "How many operations run at once.")
    public static let pruneHours = Setting(
        key: "repository.prune_hours", kind: .integer(0...8760), standard: "24",
        about: "How often the space of deleted backups is given back, in hours; 0: never.")
    public static let policyMinutes = Setting(
        key: "policies.minutes_between_runs", kind: .integer(1...60), standard: "60",
        about: "How close two runs of a policy may be; below 60, patterns may also say FREQ=MINUTELY.")
    public static let policiesPerVault = Setting(
        key: "policies.several_per_vault", kind: .choice(["true", "false"]), standard: "false",
        about: "Whether several policies of one kind may hold for one vault.")
    public static let policyTimeZones = Setting(
        key: "policies.time_zones", kind: .choice(["true", "false"]), standard: "false",
        about: "Whether a policy may name the time zone that its pattern means.")
    public static let peers = Setting(
        key: "replication.peers", kind: .path, standard: nil,
        about: "A YAML file with the other regions that backups may be sent to.")
    public static let logLevel = Setting(
        key: "log.level", kind: .choice(["debug", "info", "warning", "error"]), standard: "info",
        about: "The least important lines to log.")
    public static let logFormat = Setting(
        key: "log.format", kind: .choice(["text", "json"]), standard: "text", about: "The form of log lines.")

    public static let all = [
        data, database, databasePasswordFile, listen, allowedRoots, region, parallel, pruneHours, policyMinutes,
        policiesPerVault, policyTimeZones,
        peers, logLevel, logFormat,
    ]

    /// Variables with the prefix that other verbs read; they are no settings of the server.
    static let otherVariables: Set<String> = [
        "HOLDFAST_CONFIG", "HOLDFAST_CREDENTIALS", "HOLDFAST_PASSPHRASE",
        // Of the demonstration and the tests, which may start a server.
        "HOLDFAST_BINARY", "HOLDFAST_SEED",
    ]
}

/// What is wrong with the configuration: one sentence that names the key and where it stands.
public struct ConfigurationError: Error, Sendable, Equatable {
    public let message: String
}
