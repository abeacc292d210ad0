/// What the process tells the shell.
enum CommandExit: Int32 {
    case done = 0
    case failed = 1
    /// The command line itself was wrong.
    case usage = 2
    /// The work was done, but items were skipped or found damaged.
    case partial = 3
}

/// A failure to show to a person: one sentence on stderr, then the exit code.
struct CommandFailure: Error {
    let message: String
    let exit: CommandExit

    init(_ message: String, exit: CommandExit = .failed) {
        self.message = message
        self.exit = exit
    }
}
