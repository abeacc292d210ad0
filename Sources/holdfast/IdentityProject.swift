import ArgumentParser
import ServerAssembly

struct IdentityProject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project", abstract: "Keep projects: the walls between tenants.",
        subcommands: [
            IdentityProjectList.self, IdentityProjectShow.self, IdentityProjectCreate.self, IdentityProjectEnable.self,
            IdentityProjectDisable.self,
        ])
}

struct IdentityProjectList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all projects.")

    @OptionGroup var options: IdentityOptions

    func run() async throws {
        let projects = try await options.with { try await $0.projects() }
        try options.output.show(projects) { .init(projects) }
    }
}

struct IdentityProjectShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one project.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "Id or name.") var project: String

    func run() async throws {
        let found = try await options.with { [project] in try await $0.project(project) }
        try options.output.show(found) { .init([found]) }
    }
}

struct IdentityProjectCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a project.")

    @OptionGroup var options: IdentityOptions
    @Option(help: "What it is for.") var description = ""
    @Argument(help: "A name that no other project has; 1 to 64 characters.") var name: String

    func run() async throws {
        let made = try await options.with { [name, description] in
            try await $0.createProject(name: name, description: description)
        }
        try options.output.show(made) { .init([made]) }
    }
}

struct IdentityProjectEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Let a project be used again.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "Id or name.") var project: String

    func run() async throws {
        let changed = try await options.with { [project] in try await $0.setEnabled(true, project: project) }
        try options.output.show(changed) { .init([changed]) }
    }
}

struct IdentityProjectDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Refuse every call to a project; its data stays.")

    @OptionGroup var options: IdentityOptions
    @Argument(help: "Id or name.") var project: String

    func run() async throws {
        let changed = try await options.with { [project] in try await $0.setEnabled(false, project: project) }
        try options.output.show(changed) { .init([changed]) }
    }
}

extension TextTable {
    init(_ projects: [ProjectEntry]) {
        self.init(
            columns: ["ID", "NAME", "ENABLED", "CREATED", "DESCRIPTION"],
            rows: projects.map { [$0.id, $0.name, $0.isEnabled.yesOrNo, $0.createdAt.tableText, $0.description] })
    }
}
