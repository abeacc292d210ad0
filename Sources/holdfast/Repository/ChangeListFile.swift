import ArgumentParser
import Foundation
import Transfer

extension ChangeList {
    /// Of a file of changes; each line is some 10 to 30 bytes.
    private static let fileBytesMax = 1 << 30

    /// Reads lines of an offset and a length in bytes, decimal, with white space between them. Empty lines and those that
    /// begin with `#` are passed over.
    ///
    /// - Throws: ``CommandFailure`` that names the line.
    init(readingFile path: String) throws {
        guard let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int,
            size <= Self.fileBytesMax,
            let data = FileManager.default.contents(atPath: path)
        else { throw CommandFailure("the list of changes \(path) can't be read") }
        try self.init(parsing: String(decoding: data, as: UTF8.self), path: path)
    }

    private init(parsing text: String, path: String) throws {
        var ranges: [Range<Int64>] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.isEmpty || line.hasPrefix("#") { continue }
            guard words.count == 2, let offset = Int64(words[0]), let length = Int64(words[1]), offset >= 0,
                length >= 0,
                length <= Int64.max - offset
            else { throw CommandFailure("line \(number + 1) of \(path) is not an offset and a length in bytes") }
            ranges.append(offset..<offset + length)
        }
        self.init(ranges)
    }
}
