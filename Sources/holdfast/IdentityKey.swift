import ArgumentParser
import ServerAssembly

struct IdentityKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Keep access keys, which sign requests.",
        subcommands: [
            IdentityKeyList.self, IdentityKeyShow.self, IdentityKeyCreate.self, IdentityKeyEnable.self,
            IdentityKeyDisable.self, IdentityKeyRotate.self, IdentityKeyDelete.self,
        ])
}

struct IdentityKeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List access keys.")

    @OptionGroup var options: IdentityOptions
    @Option(help: "Only this user's; id or name.") var user: String?

    func run() async throws {
        let keys = try await options.with { [user] in try await $0.accessKeys(of: user) }
        try options.output.show(keys) { .init(keys) }
    }
}

struct IdentityKeyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one access key; its secret key is not shown again.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "The access key.") var key: String

    func run() async throws {
        let found = try await options.with { [key] in try await $0.accessKey(key) }
        try options.output.show(found) { .init([found]) }
    }
}

struct IdentityKeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an access key; its secret key is shown once.")

    @OptionGroup var options: IdentityOptions
    @Option(help: "Whose it is; id or name.") var user: String
    @Option(help: "What it is for.") var description = ""

    func run() async throws {
        let made = try await options.with { [user, description] in
            try await $0.createAccessKey(for: user, description: description)
        }
        try options.output.show(made) { .init(secretOf: made) }
    }
}

struct IdentityKeyEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Accept a key's signatures again.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "The access key.") var key: String

    func run() async throws {
        let changed = try await options.with { [key] in try await $0.setEnabled(true, accessKey: key) }
        try options.output.show(changed) { .init([changed]) }
    }
}

struct IdentityKeyDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "disable", abstract: "Refuse a key's signatures.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "The access key.") var key: String

    func run() async throws {
        let changed = try await options.with { [key] in try await $0.setEnabled(false, accessKey: key) }
        try options.output.show(changed) { .init([changed]) }
    }
}

struct IdentityKeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Replace a key by a new one of the same user, whose secret key is shown once.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "The access key to end.") var key: String

    func run() async throws {
        let made = try await options.with { [key] in try await $0.rotateAccessKey(key) }
        try options.output.show(made) { .init(secretOf: made) }
    }
}

struct IdentityKeyDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a key.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "The access key.") var key: String

    func run() async throws {
        let gone = try await options.with { [key] in try await $0.deleteAccessKey(key) }
        try options.output.show(gone) { .init([gone]) }
    }
}

extension TextTable {
    init(_ keys: [AccessKeyEntry]) {
        self.init(
            columns: ["ACCESS KEY", "USER", "ENABLED", "CREATED", "DESCRIPTION"],
            rows: keys.map { [$0.accessKey, $0.userName, $0.isEnabled.yesOrNo, $0.createdAt.tableText, $0.purpose] })
    }

    /// A key whose secret was made just now.
    init(secretOf key: AccessKeyEntry) {
        self.init(fields: [
            ("access_key", key.accessKey), ("secret_key", key.secretKey ?? ""), ("user", key.userName),
            ("description", key.purpose),
        ])
    }
}
