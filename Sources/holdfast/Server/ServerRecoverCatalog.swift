import ArgumentParser
import Foundation
import HoldfastCore
import ServerAssembly

struct ServerRecoverCatalog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover-catalog", abstract: "Make the catalog again from the repository.",
        discussion: """
            For a data directory that lost its catalog, or got an old copy of it back, and still has its repository and \
            repository.key. Start the server there once, so that there is a catalog with an administrator, stop it, and run \
            this. It makes again, under their old ids: projects (the user 'admin' may use them), vaults, resources, restore \
            points and backups. Users, keys, policies, tags and settings of vaults are not in the repository. What the \
            catalog has stays as it is, so it can be run again.
            """)

    @OptionGroup var place: DataOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (path, catalog) = (try place.path(), try place.catalog())
        let found: CatalogRecoveryEntry
        do { found = try await CatalogRecoveryVerb.run(data: path, catalog: catalog, seams: .live) } catch {
            throw CommandFailure(error.message)
        }
        try output.show(found) {
            TextTable(fields: [
                ("projects made", "\(found.projects.count)"), ("vaults made", "\(found.vaults.count)"),
                ("resources made", "\(found.resources.count)"), ("backups made", "\(found.backups.count)"),
                ("backups there already", "\(found.presentCount)"), ("backups refused", "\(found.refused.count)"),
                ("other restore points", "\(found.otherRestorePoints)"),
            ])
        }
        if let first = found.refused.first {
            throw CommandFailure("\(found.refused.count) backups were refused; \(first.reason)", exit: .partial)
        }
    }
}
