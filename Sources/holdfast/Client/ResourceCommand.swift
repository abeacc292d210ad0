import ArgumentParser
import CBRClient

struct ResourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resource", abstract: "What can be protected: directory trees, images, block devices.",
        subcommands: [
            ResourceRegister.self, ResourceList.self, ResourceShow.self, ResourceUpdate.self, ResourceRemove.self,
        ])

    static func table(_ resources: [Resource]) -> TextTable {
        TextTable(
            columns: ["ID", "NAME", "TYPE", "SIZE", "LOCATION", "VAULT"],
            rows: resources.map { resource in
                [
                    resource.id, resource.name, resource.type, resource.sizeBytes.map(ByteText.text) ?? "-",
                    resource.location ?? "-", resource.vaultID ?? "-",
                ]
            })
    }
}
