import ArgumentParser
import Foundation
import HoldfastCore
import ServerAssembly

/// `holdfast identity`: who may call, kept in the data directory itself.
struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Keep projects, users and access keys.",
        discussion: """
            Works on the data directory, whether the server runs or not; a running server obeys a change from its next \
            request. Passwords and secret keys are shown once, when they are made.
            """,
        subcommands: [IdentityProject.self, IdentityUser.self, IdentityKey.self])
}

/// Options that every identity verb has.
struct IdentityOptions: ParsableArguments {
    @OptionGroup var place: DataOptions

    @OptionGroup var output: OutputOptions

    func with<Value: Sendable>(
        _ body: @Sendable (IdentityAdministration) async throws -> Value
    ) async throws -> Value {
        let (path, catalog) = (try place.path(), try place.catalog())
        do { return try await IdentityAdministration.with(data: path, catalog: catalog, seams: .live, body) } catch {
            throw CommandFailure(error.message)
        }
    }
}

extension Bool {
    /// As tables show it.
    var yesOrNo: String { self ? "yes" : "no" }
}

extension Date {
    /// `2026-11-24T15:00:00Z`.
    var tableText: String { formatted(.iso8601) }
}
