import ArgumentParser
import Foundation
import HoldfastCore

/// The one executable. Each verb is a file; each verb parses, calls one function, and prints.
@main
struct Holdfast: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast",
        abstract: "Self-hosted cloud backup and recovery with the CBR v3 interface.",
        version: Release.version,
        subcommands: [
            Serve.self, Config.self, ResourceCommand.self, VaultCommand.self, CheckpointCommand.self,
            BackupCommand.self, PolicyCommand.self,
            OperationCommand.self, RepoCommand.self, IdentityCommand.self, ServerCommand.self,
        ]
    )

    static func main() async {
        // A reader that goes away (`holdfast … | head`) is an error to report, not a reason to die.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            finish(with: error)
        }
        end(.done)
    }

    /// Ends the process at once. `exit` would first let libraries free what they hold, beside threads that have told their
    /// result and are still on their way out with memory of those libraries.
    private static func end(_ code: CommandExit) -> Never { end(code.rawValue) }

    private static func end(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    /// Prints the error's one line first and ends with the code of the table in ``CommandExit``.
    private static func finish(with error: any Error) -> Never {
        if let failure = error as? CommandFailure {
            FileHandle.standardError.write(Data("holdfast: \(failure.message)\n".utf8))
            end(failure.exit)
        }
        if error is CleanExit || exitCode(for: error) == .success {
            exit(withError: error)
        }
        if let code = error as? ExitCode { end(code.rawValue) }
        let text = fullMessage(for: error)
        FileHandle.standardError.write(Data((text.hasPrefix("Error") ? "holdfast: \(text)\n" : "\(text)\n").utf8))
        end(exitCode(for: error) == .validationFailure ? .usage : .failed)
    }
}
