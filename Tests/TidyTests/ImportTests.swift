import Foundation
import Testing

@Suite("Rooms import only what the table allows")
struct ImportTests {
    @Test("every room of Sources has a row, and every row a room")
    func rowsAndRooms() throws {
        let rooms = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.appending(path: "Sources").path)
        #expect(Set(rooms).subtracting(["C"]) == Set(ImportTable.rooms.keys))
    }

    @Test("imports obey the table", arguments: ImportTable.rooms.keys.sorted())
    func obeyed(room: String) throws {
        let allowed = ImportTable.everywhere
            .union(ImportTable.rooms[room] ?? [])
            .union(ImportTable.libraries[room] ?? [])
        for file in try SourceTree.files(below: "Sources/\(room)", endings: ["swift"]) {
            for (index, line) in file.lines.enumerated() {
                guard let module = importedModule(in: line) else { continue }
                #expect(allowed.contains(module), "\(file.path):\(index + 1): \(room) may not import \(module)")
            }
        }
    }

    @Test("the check sees an import in each of its forms")
    func forms() {
        #expect(importedModule(in: "import GRDB") == "GRDB")
        #expect(importedModule(in: "public import HoldfastCore") == "HoldfastCore")
        #expect(importedModule(in: "@preconcurrency internal import struct Logging.Logger") == "Logging")
        #expect(importedModule(in: "@testable import Jobs  // why") == "Jobs")
        #expect(importedModule(in: "/// import what you like") == nil)
        #expect(importedModule(in: "let importer = 1") == nil)
    }

    /// The module that a line imports; nil for any other line.
    private func importedModule(in line: String) -> String? {
        let pattern =
            #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(?<module>\w+)/#
        return (try? pattern.firstMatch(in: line)).flatMap { $0.map { String($0.output.module) } }
    }
}
