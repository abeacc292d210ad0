import Endpoints
import Foundation
import TestSupport
import Testing

@testable import Transfer

@Suite("What a restore leaves alone")
struct KeptPlacesTests {
    private func open(_ path: String) throws -> Descriptor { try TreeTarget.open(path: path) }

    /// Goal: removing what is not in the backup ends before what is kept, whatever leads there. Method: it is moved below another
    /// directory after it was looked at.
    @Test("is found wherever it has been moved")
    func moved() throws {
        let folder = try ScratchFolder()
        let root = folder.path
        for path in ["deep/data/keys", "other/more"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
        }
        let places = try KeptPlaces(["\(root)/deep/data"])
        try FileManager.default.moveItem(atPath: "\(root)/deep/data", toPath: "\(root)/other/data")
        let name = try #require(ItemName(Array("other".utf8)))
        #expect(throws: FileChange.Kept.self) { try places.remove(name, in: open(root)) }
        #expect(FileManager.default.fileExists(atPath: "\(root)/other/data/keys"))
        #expect(try places.holds(open("\(root)/other/data/keys")))
        #expect(try !places.holds(open("\(root)/deep")))
    }

    @Test("what is not there, or a file, needs no keeping, and what can't be looked at is an error")
    func missing() throws {
        let folder = try ScratchFolder()
        let root = folder.path
        // As a key that lies elsewhere, with a link to it in the data directory.
        try Data("key".utf8).write(to: URL(filePath: "\(root)/key"))
        let places = try KeptPlaces(["\(root)/nothing", "\(root)/key"])
        #expect(try !places.holds(open(root)))
        try FileManager.default.createSymbolicLink(atPath: "\(root)/loop", withDestinationPath: "loop")
        #expect(throws: EndpointError.self) { try KeptPlaces(["\(root)/loop"]) }
    }
}
