import ArgumentParser
import CBRClient

/// Settings that making and changing a vault have in common.
struct VaultSettingOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Let it grow by itself when it is full.")
    var autoExpand: Bool?

    @Flag(inversion: .prefixedNo, help: "Let it take in new resources of its kind by itself.")
    var autoBind: Bool?

    @Option(help: "A tag, as key=value, that resources need to be taken in; one of several is enough.")
    var bindTag: [String] = []

    @Option(help: "What the names of its backups begin with.")
    var prefix: String?

    @Flag(help: "Lock it for good: no backup in it can be removed before its time.")
    var lock = false

    var isEmpty: Bool { autoExpand == nil && autoBind == nil && bindTag.isEmpty && prefix == nil && !lock }

    func apply(to vault: inout NewVault) {
        vault.autoExpand = autoExpand
        vault.autoBind = autoBind
        vault.bindRules = rules
        vault.backupNamePrefix = prefix
        vault.locked = lock ? true : nil
    }

    func apply(to vault: inout VaultChanges) {
        vault.autoExpand = autoExpand
        vault.autoBind = autoBind
        vault.bindRules = rules
        vault.backupNamePrefix = prefix
        vault.locked = lock ? true : nil
    }

    private var rules: BindRules? { bindTag.isEmpty ? nil : BindRules(tags: bindTag.map { TagPair(text: $0) }) }
}
