import ArgumentParser
import ServerAssembly

struct IdentityUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Keep users, their passwords and their roles.",
        subcommands: [
            IdentityUserList.self, IdentityUserShow.self, IdentityUserCreate.self, IdentityUserEnable.self,
            IdentityUserDisable.self, IdentityUserRotate.self, IdentityUserDelete.self, IdentityUserGrant.self,
            IdentityUserRevoke.self,
        ])
}

struct IdentityUserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all users.")

    @OptionGroup var options: IdentityOptions

    func run() async throws {
        let users = try await options.with { try await $0.users() }
        try options.output.show(users) { .init(users) }
    }
}

struct IdentityUserShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one user and its roles.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "Id or name.") var user: String

    func run() async throws {
        let found = try await options.with { [user] in try await $0.user(user) }
        try options.output.show(found) { .init([found]) }
    }
}

struct IdentityUserCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a user with a random password, which is shown once.")

    @OptionGroup var options: IdentityOptions
    @Option(help: "Give a role in this project; id or name.") var project: String?
    @Option(help: "The role: \(IdentityAdministration.roleNames.joined(separator: ", ")).") var role: String?
    @Argument(help: "A name that no other user has; 1 to 64 characters.") var name: String

    func validate() throws {
        guard (project == nil) == (role == nil) else {
            throw ValidationError("--project and --role go together: a role is held in a project")
        }
    }

    func run() async throws {
        let role: (role: String, project: String)? = if let role, let project { (role, project) } else { nil }
        let made = try await options.with { [name] in try await $0.createUser(name: name, role: role) }
        try options.output.show(made) { .init(secretOf: made) }
    }
}

struct IdentityUserEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Let a user log in again.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "Id or name.") var user: String

    func run() async throws {
        let changed = try await options.with { [user] in try await $0.setEnabled(true, user: user) }
        try options.output.show(changed) { .init([changed]) }
    }
}

struct IdentityUserDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "End a user's tokens and refuse its password and keys.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "Id or name.") var user: String

    func run() async throws {
        let changed = try await options.with { [user] in try await $0.setEnabled(false, user: user) }
        try options.output.show(changed) { .init([changed]) }
    }
}

struct IdentityUserRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Give a user a new random password, shown once, and end its tokens.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "Id or name.") var user: String

    func run() async throws {
        let changed = try await options.with { [user] in try await $0.rotatePassword(of: user) }
        try options.output.show(changed) { .init(secretOf: changed) }
    }
}

struct IdentityUserDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a user with its keys, tokens and roles; what it made stays.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "Id or name.") var user: String

    func run() async throws {
        let gone = try await options.with { [user] in try await $0.deleteUser(user) }
        try options.output.show(gone) { .init([gone]) }
    }
}

struct IdentityUserGrant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Give a user a role in a project, in place of the one it has there.")

    @OptionGroup var options: IdentityOptions
    @Option(help: "Id or name.") var project: String
    @Option(help: "The role: \(IdentityAdministration.roleNames.joined(separator: ", ")).") var role: String
    @Argument(help: "Id or name.") var user: String

    func run() async throws {
        let changed = try await options.with { [user, role, project] in
            try await $0.grant(role: role, to: user, in: project)
        }
        try options.output.show(changed) { .init([changed]) }
    }
}

struct IdentityUserRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take away a user's role in a project.")

    @OptionGroup var options: IdentityOptions
    @Option(help: "Id or name.") var project: String
    @Argument(help: "Id or name.") var user: String

    func run() async throws {
        let changed = try await options.with { [user, project] in try await $0.revokeRole(of: user, in: project) }
        try options.output.show(changed) { .init([changed]) }
    }
}

extension TextTable {
    init(_ users: [UserEntry]) {
        self.init(
            columns: ["ID", "NAME", "ENABLED", "CREATED", "ROLES"],
            rows: users.map { [$0.id, $0.name, $0.isEnabled.yesOrNo, $0.createdAt.tableText, $0.rolesText] })
    }

    /// A user whose password was made just now.
    init(secretOf user: UserEntry) {
        self.init(fields: [
            ("id", user.id), ("name", user.name), ("password", user.password ?? ""), ("roles", user.rolesText),
        ])
    }
}

extension UserEntry {
    fileprivate var rolesText: String {
        roles.map { "\($0.role) in \($0.projectName)" }.joined(separator: ", ")
    }
}
