import Testing

@Suite("Calls that have a better home are not made")
struct BannedCallTests {
    struct Ban: Sendable, CustomTestStringConvertible {
        let pattern: String
        /// What to use in its place.
        let instead: String
        /// Paths, or starts of paths, where the call is right.
        var exceptIn: [String] = []
        var testDescription: String { pattern }
    }

    static let inSources = [
        Ban(pattern: #"\bDate\(\)"#, instead: "Seams.now", exceptIn: ["Sources/HoldfastCore/Live.swift"]),
        Ban(pattern: #"Date\.now\b"#, instead: "Seams.now"),
        Ban(pattern: #"Task\.sleep"#, instead: "Seams.sleep", exceptIn: ["Sources/HoldfastCore/Live.swift"]),
        Ban(
            pattern: #"SystemRandomNumberGenerator|\.random\(in: [^)]*\)$"#, instead: "Seams.randomBytes",
            exceptIn: ["Sources/HoldfastCore/Live.swift"]),
        Ban(
            pattern: #"ProcessInfo\.processInfo\.environment"#, instead: "a value given by the composition root",
            exceptIn: ["Sources/holdfast/", "Sources/ServerAssembly/"]),
        Ban(pattern: #"\btry!"#, instead: "throw"),
        Ban(pattern: #"\bas!"#, instead: "as? and throw"),
        Ban(pattern: #"\bfatalError\("#, instead: "throw, or precondition for our own mistakes"),
        Ban(
            pattern: #"\bprint\("#, instead: "a logger, or standard output in the executable",
            exceptIn: ["Sources/holdfast/"]),
        Ban(
            pattern: #"DispatchSemaphore|Thread\.sleep|\busleep\(|[^.\w]sleep\("#,
            instead: "a condition, or Seams.sleep"),
        Ban(pattern: #"\b(TODO|FIXME|XXX|HACK)\b"#, instead: "an issue, or doing it"),
    ]

    static let inTests = [
        Ban(
            pattern: #"Task\.sleep|Thread\.sleep|\busleep\("#, instead: "waiting for a condition, or an injected clock"),
        Ban(pattern: #"\.disabled\("#, instead: "a test that runs, or none"),
        Ban(pattern: #"#expect\((Bool\()?true\)?\)"#, instead: "a test that can fail"),
        Ban(pattern: #"\bimport XCTest"#, instead: "Swift Testing"),
    ]

    @Test("in Sources", arguments: inSources)
    func sources(ban: Ban) throws { try expectNone(of: ban, below: "Sources") }

    @Test("in Tests", arguments: inTests)
    func tests(ban: Ban) throws { try expectNone(of: ban, below: "Tests") }

    @Test("unchecked sharing names its lock in a comment on the same line or just above")
    func uncheckedSharing() throws {
        let marks = try Regex(#"@unchecked Sendable|nonisolated\(unsafe\)"#)
        for file in try SourceTree.files(below: "Sources", endings: ["swift"]) {
            for (index, line) in file.lines.enumerated() where line.contains(marks) && !isComment(line) {
                let near = file.lines[max(0, index - 4)...index]
                #expect(near.contains { $0.contains("//") }, "\(file.path):\(index + 1): say which lock guards this")
            }
        }
    }

    private func expectNone(of ban: Ban, below folder: String) throws {
        let pattern = try Regex(ban.pattern)
        for file in try SourceTree.files(below: folder, endings: ["swift"])
        where !file.path.hasPrefix("Tests/TidyTests/") && !ban.exceptIn.contains(where: file.path.hasPrefix) {
            for (index, line) in file.lines.enumerated() where !isComment(line) && line.contains(pattern) {
                Issue.record("\(file.path):\(index + 1): use \(ban.instead)")
            }
        }
    }

    private func isComment(_ line: String) -> Bool {
        let text = line.drop { $0 == " " }
        return text.hasPrefix("//") && !text.contains("TODO") && !text.contains("FIXME")
    }
}
