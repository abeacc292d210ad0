import ArgumentParser
import Foundation
import ServerAssembly

/// The flags of the server's settings. They win over variables, and those over the file.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "A YAML file with settings; HOLDFAST_CONFIG names one too.")
    var config: String?

    @Option(help: "The directory that holds everything: catalog, repository, keys.")
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Where the catalog is: postgres://USER@HOST/NAME; without it, in the data directory. Better without a password.",
            valueName: "url"))
    var database: String?

    @Option(help: ArgumentHelp("A file with the database's password.", valueName: "file"))
    var databasePasswordFile: String?

    @Option(help: "Where to accept connections: HOST:PORT; port 0 lets the system choose.")
    var listen: String?

    @Option(name: .customLong("allow-root"), help: "A directory below which resources may lie; may be given again.")
    var allowRoots: [String] = []

    @Option(help: "The region's name; fixed at the first start.")
    var region: String?

    @Option(help: "How many operations run at once.")
    var parallel: String?

    @Option(help: "The least important lines to log: debug, info, warning or error.")
    var logLevel: String?

    @Option(help: "The form of log lines: text or json.")
    var logFormat: String?

    func resolve() async throws -> ResolvedConfiguration {
        var flags: [String: String] = [:]
        let given: [(Setting, String?)] = [
            (.data, data), (.database, database), (.databasePasswordFile, databasePasswordFile),
            (.listen, listen), (.region, region), (.parallel, parallel), (.logLevel, logLevel),
            (.logFormat, logFormat),
            (.allowedRoots, allowRoots.isEmpty ? nil : allowRoots.map(Self.absolute).joined(separator: ":")),
        ]
        for (setting, text) in given { flags[setting.key] = text }
        let environment = ProcessInfo.processInfo.environment
        do {
            return try await ResolvedConfiguration.resolve(
                flags: flags, environment: environment, file: config ?? environment["HOLDFAST_CONFIG"])
        } catch let error as ConfigurationError { throw CommandFailure(error.message) }
    }

    /// A flag is typed in a shell, where paths are relative to where one stands.
    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
