import Repository

/// Where an image has changed since an earlier restore point, as whoever writes to it has kept account.
public struct ChangeList: Sendable, Equatable {
    /// In order, apart from each other, in bytes.
    private let ranges: [Range<Int64>]

    /// - Parameter ranges: in any order; they may overlap.
    public init(_ ranges: [Range<Int64>]) {
        var joined: [Range<Int64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        self.ranges = joined
    }

    /// The blocks of a part of the image that hold a change, counted from its start; those that follow each other as one.
    ///
    /// - Parameter part: begins with a block.
    func blocks(in part: Range<Int64>) -> [Range<Int>] {
        // The first range that does not end before the part.
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= part.lowerBound { low = middle + 1 } else { high = middle }
        }
        let size = Int64(ImageBlock.sizeBytes)
        var found: [Range<Int>] = []
        while low < ranges.count, ranges[low].lowerBound < part.upperBound {
            let start = max(ranges[low].lowerBound, part.lowerBound) - part.lowerBound
            let end = min(ranges[low].upperBound, part.upperBound) - part.lowerBound
            let blocks = Int(start / size)..<Int((end + size - 1) / size)
            if let last = found.last, blocks.lowerBound <= last.upperBound {
                found[found.count - 1] = last.lowerBound..<max(last.upperBound, blocks.upperBound)
            } else {
                found.append(blocks)
            }
            low += 1
        }
        return found
    }
}
