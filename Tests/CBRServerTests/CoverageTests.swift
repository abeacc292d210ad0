import Foundation
import HTTPTypes
import Identity
import TestSupport
import Testing

@testable import CBRServer

@Suite("Every operation of the interface has a route")
struct CoverageTests {
    @Test("with the documented method and path")
    func routes() async throws {
        let document = try InterfaceDocument()
        #expect(document.operations.count == 76)
        try await ServerBench.with { bench in
            for operation in document.operations where operation.id != "ShowVersion" {
                let route = try #require(bench.routes.first { $0.operation == operation.id }, "\(operation.id)")
                #expect(route.method.rawValue == operation.method, "\(operation.id)")
                #expect(route.template == operation.template, "\(operation.id)")
            }
        }
    }

    @Test("and the page of what is there is up to date")
    func page() async throws {
        let document = try InterfaceDocument()
        try await ServerBench.with { bench in
            let text = CoveragePage.text(document, routes: bench.routes)
            let file = InterfaceDocument.root.appending(path: CoveragePage.path)
            if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_PAGES"] == "1" {
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
            #expect(try String(contentsOf: file, encoding: .utf8) == text, "run again with HOLDFAST_WRITE_PAGES=1")
        }
    }

    @Test("and every suite that the page names is there")
    func suites() throws {
        for name in Set(CoveragePage.suites.values) {
            let file = InterfaceDocument.root.appending(path: "Tests/CBRServerTests/\(name).swift")
            #expect(FileManager.default.fileExists(atPath: file.path), "\(name)")
        }
    }
}
