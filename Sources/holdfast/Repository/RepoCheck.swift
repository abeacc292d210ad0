import ArgumentParser
import Foundation
import HoldfastCore
import Repository

struct RepoCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look for damage, and name what it hits. Ends with 1 when there is any.")

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var progress: ProgressOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Read every stored byte and authenticate it.")
    var readData = false

    func run() throws {
        let repository = try options.open()
        let display = progress.display()
        defer { display.end() }
        let report = try RepositoryOptions.translating {
            try repository.check(
                readData: readData, threads: min(ProcessInfo.processInfo.activeProcessorCount * 2, 8),
                // Looking at what is there is over before one has read that it goes on.
                progress: { done, total in if readData { display.show(done: done, of: total) } })
        }
        display.end()
        for fault in report.faults { TransferSentence.line("\(fault.place): \(fault.message)") }
        for hit in report.hits {
            let items = hit.paths.isEmpty ? "" : ": " + hit.paths.prefix(20).joined(separator: ", ")
            let more = hit.pathCount > 20 ? " and \(hit.pathCount - 20) more" : ""
            TransferSentence.line("restore point \(hit.restorePoint) can't be given back whole\(items)\(more)")
        }
        var summary = "\(report.restorePoints) restore points, \(report.packs) packs, \(report.chunks) chunks"
        if readData { summary += ", \(ByteText.text(report.readBytes)) read" }
        if report.unreferencedPacks > 0 { summary += "; \(report.unreferencedPacks) packs that nothing refers to" }
        try output.show(Result(report)) { report.isClean ? [summary, "no damage found"] : [summary] }
        guard report.isClean else {
            throw CommandFailure(
                "the repository is damaged: \(report.faults.count) faults hit \(report.hits.count) restore points")
        }
    }

    private struct Result: Encodable {
        struct Fault: Encodable {
            let place: String
            let message: String
        }
        struct Hit: Encodable {
            let restorePoint: String
            let paths: [String]
            let pathCount: Int
        }
        let isClean: Bool
        let restorePoints: Int
        let packs: Int
        let chunks: Int
        let readBytes: Int64
        let unreferencedPacks: Int
        let faults: [Fault]
        let hits: [Hit]

        init(_ report: CheckReport) {
            isClean = report.isClean
            restorePoints = report.restorePoints
            packs = report.packs
            chunks = report.chunks
            readBytes = report.readBytes
            unreferencedPacks = report.unreferencedPacks
            faults = report.faults.map { .init(place: $0.place, message: $0.message) }
            hits = report.hits.map {
                .init(restorePoint: $0.restorePoint.text, paths: $0.paths, pathCount: $0.pathCount)
            }
        }
    }
}
