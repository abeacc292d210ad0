import ArgumentParser
import HoldfastCore
import Repository

struct RepoPrune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove what no restore point needs, and give its space back.",
        discussion: """
            Backups may run meanwhile, and never wait. What one of them may rely on goes with the next prune. May be
            interrupted at any point; the next prune goes on.
            """)

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var progress: ProgressOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Only say what would happen, with the bytes that it would free.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "How much may stay stored without being needed, in percent of what is needed; 0 frees all there is.",
            valueName: "percent"))
    var maxUnused = 5.0

    @Flag(help: "Also write anew what is sealed under an earlier key epoch: after 'key revoke'.")
    var reseal = false

    @Option(
        help: ArgumentHelp(
            "With --dry-run: as if this restore point were forgotten; may be given again.", valueName: "id"))
    var without: [String] = []

    func validate() throws {
        guard (0...100).contains(maxUnused) else { throw ValidationError("--max-unused is 0 to 100 percent") }
        guard without.isEmpty || dryRun else { throw ValidationError("--without goes with --dry-run; see 'forget'") }
    }

    func run() throws {
        let repository = try options.open()
        let forgotten = try without.map { try RepoRestorePoint.find($0, in: repository).id }
        var display = progress.display()
        var phase = PruneProgress.Phase.marking
        defer { display.end() }
        let report = try RepositoryOptions.translating {
            try repository.prune(
                PruneOptions(maxUnused: maxUnused / 100, reseals: reseal, isDryRun: dryRun, without: Set(forgotten))
            ) { now in
                if now.phase != phase {
                    display.end()
                    display = progress.display()
                    phase = now.phase
                }
                display.show(done: now.done, of: now.total)
            }
        }
        display.end()
        try output.show(report) {
            TextTable(fields: [
                (name: dryRun ? "would free" : "freed", value: "\(report.freedBytes) bytes"),
                (name: "packs removed", value: "\(report.removedPacks)"),
                (name: "packs rewritten", value: "\(report.rewrittenPacks) to \(report.newPacks)"),
                (name: "stays unused", value: ByteText.text(report.unusedBytes)),
                (name: "stays for locks", value: ByteText.text(report.lockedBytes)),
            ])
        }
        if report.waitingFor > 0 {
            TransferSentence.line(
                "\(report.waitingFor) backups are still running: what they may rely on goes with the next prune")
        }
    }
}
