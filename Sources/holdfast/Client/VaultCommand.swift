import ArgumentParser
import CBRClient

struct VaultCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault", abstract: "Containers with a capacity and the resources they protect.",
        subcommands: [
            VaultCreate.self, VaultList.self, VaultShow.self, VaultUpdate.self, VaultDelete.self,
            VaultAddResource.self, VaultRemoveResource.self, VaultMoveResource.self,
            VaultReplicate.self, VaultSync.self,
        ])

    static func table(_ vaults: [Vault]) -> TextTable {
        TextTable(
            columns: ["ID", "NAME", "TYPE", "STATUS", "SIZE", "USED", "RESOURCES"],
            rows: vaults.map { vault in
                [
                    vault.id, vault.name, vault.billing.objectType ?? "-", vault.billing.status,
                    "\(vault.billing.size) GB", "\(vault.billing.used) MB", "\(vault.resources.count)",
                ]
            })
    }
}
