import CBRWire
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import CBRServer

@Suite("The served document is the interface's, cut to what is offered")
struct InterfaceDocumentTests {
    @Test("the embedded text is the file")
    func embedded() throws {
        let file = InterfaceDocument.root.appending(path: InterfaceDocument.path)
        let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .newlines)
        let target = InterfaceDocument.root.appending(path: "Sources/CBRServer/Interface/InterfaceText.swift")
        if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_PAGES"] == "1" {
            let old = try String(contentsOf: target, encoding: .utf8)
            let head = old.prefix(upTo: try #require(old.range(of: "#\"\"\"\n")).upperBound)
            try "\(head)\(text)\n\"\"\"#\n}\n".write(to: target, atomically: true, encoding: .utf8)
        }
        #expect(InterfaceText.json == text, "run with HOLDFAST_WRITE_PAGES=1, and build again")
    }

    @Test("anyone may read it, and it has each offered operation of the interface, and no other")
    func served() async throws {
        let known = Set(try InterfaceDocument().operations.map(\.id))
        try await ServerBench.with { bench in
            let reply = try await bench.http.send("GET", InterfaceRoutes.template)
            #expect(reply.status == 200)
            let document = try JSONValue(parsing: reply.body.map { $0 })
            var served: Set<String> = []
            for (template, methods) in document["paths"].members {
                for (method, operation) in methods.members {
                    guard let id = operation["operationId"].string else { continue }
                    served.insert(id)
                    let route = try #require(bench.routes.first { $0.operation == id })
                    #expect(route.method.rawValue == method.uppercased())
                    #expect(route.template == template)
                    #expect(operation["responses"]["503"] != .null)
                }
            }
            let offered = Set(bench.routes.map(\.operation)).subtracting(InterfaceRoutes.discovery)
            #expect(served == known.intersection(offered))
            #expect(document["components"]["schemas"]["ErrorResponse"] != .null)
        }
    }
}
