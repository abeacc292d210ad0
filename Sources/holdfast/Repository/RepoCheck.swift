import ArgumentParser
import Foundation
import HoldfastCore
import Repository

struct RepoCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look for damage, and name what it hits. Ends with 1 when there is any.")

    @OptionGroup var options: RepositoryOptions

    @Flag(help: "Read every stored byte and authenticate it.")
    var readData = false

    func run() throws {
        let repository = try options.open()
        let report = try RepositoryOptions.translating { try repository.check(readData: readData) }
        for fault in report.faults { TransferSentence.line("\(fault.place): \(fault.message)") }
        for hit in report.hits {
            let items = hit.paths.isEmpty ? "" : ": " + hit.paths.prefix(20).joined(separator: ", ")
            let more = hit.pathCount > 20 ? " and \(hit.pathCount - 20) more" : ""
            TransferSentence.line("restore point \(hit.restorePoint) can't be given back whole\(items)\(more)")
        }
        var summary = "\(report.restorePoints) restore points, \(report.packs) packs, \(report.chunks) chunks"
        if readData { summary += ", \(ByteText.text(report.readBytes)) read" }
        if report.unreferencedPacks > 0 { summary += "; \(report.unreferencedPacks) packs that nothing refers to" }
        Output.line(summary)
        guard report.isClean else {
            throw CommandFailure(
                "the repository is damaged: \(report.faults.count) faults hit \(report.hits.count) restore points")
        }
        Output.line("no damage found")
    }
}
