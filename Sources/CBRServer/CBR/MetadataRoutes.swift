import CBRWire
import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore

/// What a backup keeps of its machine: what the inventory knew, and empty values for what it has no notion of.
struct MetadataRoutes: Sendable {
    let control: ControlPlane

    var routes: [Route] {
        [.cbr("ShowMetadata", .get, "/v3/{project_id}/backups/{backup_id}/metadata", handle: show)]
    }

    @Sendable private func show(_ request: ServiceRequest) async throws -> Answer {
        let backup = try await control.showMetadata(request.id("backup_id"), by: request.caller())
        return try .json(MetadataShape(backup))
    }
}

extension MetadataShape {
    init(_ backup: BackupRecord) throws {
        self.init(backupID: backup.id.text)
        let size = backup.resourceSizeBytes.map { Units.gigabytes($0) }
        let resource = try MetadataFact(
            id: backup.resource.text, name: backup.resourceName, type: backup.resourceType.rawValue, size: size
        ).text()
        let saved = MetadataFact(id: backup.id.text, name: backup.name, type: backup.resourceType.rawValue, size: size)
        backups = "[\(try saved.text())]"
        switch backup.resourceType {
        case .server, .bareMetalServer, .nativeServer: server = resource
        case .volume: volumes = [resource]
        case .desktop: workspace = resource
        case .sharedFileSystem: break
        }
    }
}
