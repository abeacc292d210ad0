import Foundation
import Testing

@Suite("Documents point to what is there")
struct DocumentTests {
    @Test("every relative link of every page leads to a file")
    func links() throws {
        let link = #/\]\((?<target>[^)\s#]+)(?:#[^)]*)?\)/#
        for page in try SourceTree.files(below: "", endings: ["md"]) {
            let folder = (page.path as NSString).deletingLastPathComponent
            for (index, line) in page.lines.enumerated() {
                for match in line.matches(of: link) where !match.output.target.contains("://") {
                    let target = URL(filePath: "/\(folder)/\(match.output.target)").standardized.path.dropFirst()
                    #expect(SourceTree.exists(String(target)), "\(page.path):\(index + 1): no \(match.output.target)")
                }
            }
        }
    }

    @Test("every decision record is in the list of them")
    func decisionRecords() throws {
        let list = try SourceTree.read("docs/adr/README.md").lines.joined(separator: "\n")
        let records = try SourceTree.paths(below: "docs/adr").map { ($0 as NSString).lastPathComponent }
        #expect(records.count > 1)
        for record in records where record != "README.md" {
            #expect(list.contains("(\(record))"), "docs/adr/README.md does not list \(record)")
        }
    }

    @Test("no file is larger than 1 MiB")
    func sizes() throws {
        for path in try SourceTree.paths(below: "") {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: SourceTree.root.appending(path: path).path)
            let sizeBytes = attributes[.size] as? Int ?? 0
            #expect(sizeBytes <= 1 << 20, "\(path) has \(sizeBytes) bytes")
        }
    }

    @Test("nothing names a place on somebody's machine")
    func machinePaths() throws {
        let place = try Regex(#"(^|[^\w.$}/])/(work|home|Users|root|opt/swift)/"#)
        for file in try SourceTree.files(below: "", endings: ["swift", "md", "sh", "py", "json", "yaml", "c", "h"])
        where !file.path.hasPrefix("Tests/TidyTests/") {
            for (index, line) in file.lines.enumerated() where line.contains(place) {
                Issue.record("\(file.path):\(index + 1): \(line.prefix(100))")
            }
        }
    }
}
