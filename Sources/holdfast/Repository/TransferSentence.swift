import Foundation
import Transfer

/// What a transfer has to say to a person.
enum TransferSentence {
    static func text(_ error: any Error) -> String {
        (error as? TransferError)?.message ?? "an unexpected fault: \(error)"
    }

    /// A line for each of the first warnings, on standard error.
    static func show(_ warnings: [ItemWarning], count: Int) {
        for warning in warnings.prefix(100) { line("warning: \(warning.path): \(warning.message)") }
        if count > 100 { line("warning: and \(count - 100) more") }
    }

    static func line(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
