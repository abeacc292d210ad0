public import ControlPlane
public import Replication

/// What a server is built from.
public struct ServerConfiguration: Sendable {
    public var dataDirectory: String
    public var catalog: CatalogSource
    public var host: String
    public var port: Int
    public var allowedRoots: [String]
    public var region: String
    public var parallel: Int
    public var pruneHours: Int
    public var policyRules: PolicyRules
    /// Other regions; none by default.
    public var peers: [Peer]
    public var logLevel: String
    public var logFormat: LogFormat

    public enum LogFormat: String, Sendable { case text, json }

    /// - Throws: ``ConfigurationError`` when a setting that a server needs is missing.
    public init(_ resolved: ResolvedConfiguration) throws {
        guard let data = resolved[.data] else {
            throw ConfigurationError(message: "'data' is not set: give --data DIR, or \(Setting.data.variable)")
        }
        guard let address = resolved[.listen].flatMap({ ListenAddress($0) }), let region = resolved[.region],
            let parallel = resolved[.parallel].flatMap({ Int($0) }), let level = resolved[.logLevel],
            let pruneHours = resolved[.pruneHours].flatMap({ Int($0) }),
            let policyMinutes = resolved[.policyMinutes].flatMap({ Int($0) }),
            let format = resolved[.logFormat].flatMap({ LogFormat(rawValue: $0) })
        else { throw ConfigurationError(message: "a setting has no value") }
        dataDirectory = data
        catalog = try CatalogSource(database: resolved[.database], passwordFile: resolved[.databasePasswordFile])
        host = address.host
        port = address.port
        allowedRoots = ResolvedConfiguration.paths(in: resolved[.allowedRoots] ?? "")
        self.region = region
        self.parallel = parallel
        self.pruneHours = pruneHours
        policyRules = PolicyRules()
        policyRules.limits = Schedule.Limits(minutesBetweenMin: policyMinutes)
        policyRules.allowsSeveral = resolved[.policiesPerVault] == "true"
        policyRules.allowsTimeZone = resolved[.policyTimeZones] == "true"
        peers = try resolved[.peers].map { try PeersFile.read($0, localRegion: region) } ?? []
        logLevel = level
        logFormat = format
    }
}
