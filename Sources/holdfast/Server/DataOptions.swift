import ArgumentParser
import Foundation
import ServerAssembly

/// Which data directory, and where its catalog is: for verbs that work on it without its server.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server's data directory; or HOLDFAST_DATA.", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The database that has its catalog, where one has; or HOLDFAST_DATABASE.", valueName: "url"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            "A file with the database's password; or HOLDFAST_DATABASE_PASSWORD_FILE.", valueName: "file"))
    var databasePasswordFile: String?

    func path() throws -> String {
        guard let path = data ?? variable("HOLDFAST_DATA") else {
            throw CommandFailure("say which data directory: --data DIR, or HOLDFAST_DATA", exit: .usage)
        }
        return path
    }

    func catalog() throws -> CatalogSource {
        do {
            return try CatalogSource(
                database: database ?? variable("HOLDFAST_DATABASE"),
                passwordFile: databasePasswordFile ?? variable("HOLDFAST_DATABASE_PASSWORD_FILE"))
        } catch { throw CommandFailure(error.message, exit: .usage) }
    }

    private func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
