import CBRWire
import Catalog
import ControlPlane
import HoldfastCore

extension VaultShape {
    init(_ view: VaultView) {
        self.init()
        let record = view.record
        let settings = record.settings
        autoBind = settings.autoBind
        autoExpand = settings.autoExpand
        availabilityZone.value = settings.availabilityZone
        backupNamePrefix.value = settings.backupNamePrefix
        billing = Billing(view)
        bindRules.tags = settings.bindTags.map { Tag(key: $0.key, value: $0.value ?? "") }
        createdAt = WireTime.microseconds(record.createdAt.microseconds)
        demandBilling = settings.demandBilling
        description.value = record.description
        enterpriseProjectId.value = settings.enterpriseProject
        id = record.id.text
        locked = settings.isLocked
        name = record.name
        projectId = record.project.text
        providerId = record.objectType.providerID
        resources = view.members.map { VaultResourceShape($0) }
        smnNotify = settings.notifies
        sysLockSourceService.value = settings.lockSourceService
        tags = settings.tags.map { Tag(key: $0.key, value: $0.value ?? "") }
        threshold = settings.thresholdPercent
        updatedAt = WireTime.microseconds(record.updatedAt.microseconds)
        userId.value = record.user?.text
        version = "\(record.version)"
    }
}

extension VaultShape.Billing {
    init(_ view: VaultView) {
        self.init()
        let record = view.record
        allocated = Units.gigabytes(view.allocatedBytes)
        chargingMode = record.settings.chargingMode
        cloudType = record.settings.cloudType
        consistentLevel = record.consistentLevel.rawValue
        isMultiAz = record.settings.isMultiZone
        objectType = record.objectType.rawValue
        protectType = record.protectType.rawValue
        size = record.sizeGiB
        specCode = record.objectType.specCode(record.protectType)
        status = record.state.rawValue
        used = Units.megabytes(view.usedBytes)
    }
}

extension VaultResourceShape {
    init(_ member: VaultMember) {
        self.init()
        autoProtect = !member.membership.isSuspended
        backupCount = member.backupCount
        backupSize = Units.megabytes(member.backupBytes)
        extraInfo = ExtraInfo(
            excluding: member.membership.excludedVolumes, including: member.membership.includedVolumes)
        id = member.resource.id.text
        name = member.resource.name
        protectStatus = member.protectStatus.rawValue
        size = Units.gigabytes(member.resource.sizeBytes ?? 0)
        type = member.resource.type.rawValue
    }
}

extension VaultResourceShape.ExtraInfo {
    init(excluding excluded: [String], including included: [IncludedVolume]) {
        self.init()
        excludeVolumes = excluded
        if !included.isEmpty { includeVolumes = included.map { Included(id: $0.id, osVersion: $0.osVersion) } }
    }
}

extension VaultObjectType {
    var providerID: String {
        switch self {
        case .disk: ProviderIDs.disk
        case .turbo, .file: ProviderIDs.turbo
        case .vmware: ProviderIDs.vmware
        case .server, .workspace, .rds: ProviderIDs.server
        }
    }

    /// The interface's name of what is paid for; here only a name.
    func specCode(_ protectType: VaultProtectType) -> String {
        if protectType == .replication { return "vault.replication.server.normal" }
        switch self {
        case .disk: return "vault.backup.volume.normal"
        case .turbo, .file: return "vault.backup.turbo.normal"
        case .rds: return "vault.backup.rds.normal"
        case .vmware: return "vault.hybrid.server.normal"
        case .server, .workspace: return "vault.backup.server.normal"
        }
    }
}

extension ResourceType {
    var providerID: String {
        switch self {
        case .volume: ProviderIDs.disk
        case .sharedFileSystem: ProviderIDs.turbo
        case .server, .bareMetalServer, .nativeServer, .desktop: ProviderIDs.server
        }
    }
}
