import ArgumentParser
import CHoldfast
import Foundation
import HoldfastCore
import ServerAssembly

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service: HTTP interface, catalog, repository and workers in one process.",
        discussion: "The first start writes DIR/admin-credentials.json, which every client verb reads.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        // It runs for months, on some forty threads of which a few are busy: see ADR 0052.
        holdfast_share_heaps(CInt(max(2, ProcessInfo.processInfo.activeProcessorCount)))
        let resolved = try await options.resolve()
        do {
            let server = HoldfastServer(try ServerConfiguration(resolved), seams: .live) { line in
                FileHandle.standardError.write(Data(line.utf8))
            }
            try await server.run()
        } catch let error as ConfigurationError {
            throw CommandFailure(error.message)
        } catch let error as StartError {
            throw CommandFailure(error.message)
        }
    }
}
