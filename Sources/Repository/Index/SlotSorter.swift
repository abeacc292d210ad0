import CHoldfast
import Foundation
import HoldfastCore

/// Collects slots for a table in a file, to write them all at once in the order of their places.
///
/// Names are uniform, so slots put straight into their places would be written all over the file: for a hundred million
/// that is as many pages read and written. Here they first go to one run for each region of the table, in blocks one after
/// the other, and then region by region into memory and from there into the table: what Knuth calls distribution sorting
/// (The Art of Computer Programming, volume 3, 5.4.7), with one pass.
///
/// Memory: a block for each region, and one region.
final class SlotSorter {
    /// 16 MiB of the table.
    static let regionSlots = 1 << 19
    /// 16 KiB.
    private static let blockSlots = 1 << 9

    private struct Run {
        var open: [ChunkSlot] = []
        /// Numbers of full blocks in the file, in the order in which they were filled.
        var blocks: [Int] = []
    }

    private let target: SlotStorage
    private let file: Int32
    private let regionSlots: Int
    private var runs: [Run]
    private var blocks = 0
    private var hasFailed = false
    /// How many slots were added, names that came twice counted twice.
    private(set) var count = 0

    /// - Parameter target: empty; written by ``settle(isNewer:)``.
    /// - Returns: nil when no file can be made.
    init?(for target: SlotStorage, scratch: ScratchSpace, regionSlots: Int = SlotSorter.regionSlots) {
        guard let file = scratch.makeFile(sizeBytes: 0) else { return nil }
        self.file = file
        self.target = target
        self.regionSlots = regionSlots
        runs = Array(repeating: Run(), count: (target.count + regionSlots - 1) / regionSlots)
    }

    deinit { close(file) }

    func add(_ slot: ChunkSlot) {
        let number = SlotStorage.home(of: slot.name, among: target.count) / regionSlots
        count += 1
        runs[number].open.append(slot)
        guard runs[number].open.count == Self.blockSlots else { return }
        let isWritten = runs[number].open.withUnsafeBytes { bytes in
            pwrite(file, bytes.baseAddress, bytes.count, off_t(blocks * bytes.count)) == bytes.count
        }
        if !isWritten { hasFailed = true }
        runs[number].blocks.append(blocks)
        runs[number].open.removeAll(keepingCapacity: true)
        blocks += 1
    }

    /// Puts everything into the table.
    ///
    /// - Parameter isNewer: whether, of two slots with one name, the second is to take the place of the first.
    /// - Returns: how many names there are, and the sum of their plain lengths.
    func settle(isNewer: (ChunkSlot, ChunkSlot) -> Bool) -> (count: Int, plainBytes: Int64) {
        var names = 0
        var plainBytes: Int64 = 0
        // Slots that found no room up to the end of the region before.
        var carried: [ChunkSlot] = []
        let region = UnsafeMutableBufferPointer<ChunkSlot>.allocate(capacity: regionSlots)
        defer { region.deallocate() }
        for number in runs.indices {
            let start = number * regionSlots
            let length = min(regionSlots, target.count - start)
            let slots = UnsafeMutableBufferPointer(rebasing: region[..<length])
            slots.update(repeating: ChunkSlot())
            let coming = carried
            carried = []
            for slot in coming { put(slot, from: 0) }
            forEach(in: runs[number]) { slot in
                put(slot, from: SlotStorage.home(of: slot.name, among: target.count) - start)
            }
            target.store(slots, from: start)

            func put(_ slot: ChunkSlot, from home: Int) {
                for position in home..<length {
                    if slots[position].isFree {
                        slots[position] = slot
                        names += 1
                        plainBytes += slot.plainBytes
                        return
                    }
                    guard slots[position].name == slot.name else { continue }
                    if isNewer(slots[position], slot) {
                        plainBytes += slot.plainBytes - slots[position].plainBytes
                        slots[position] = slot
                    }
                    return
                }
                carried.append(slot)
            }
        }
        // Those that run over the end go on at the beginning, as a search does.
        for slot in carried {
            guard let (position, old) = target.locate(slot.name) else { break }
            if old.isFree {
                names += 1
            } else if !isNewer(old, slot) {
                continue
            }
            plainBytes += slot.plainBytes - (old.isFree ? 0 : old.plainBytes)
            target.store(slot, at: position)
        }
        if hasFailed { target.markFailed() }
        return (names, plainBytes)
    }

    private func forEach(in run: Run, _ body: (ChunkSlot) -> Void) {
        withUnsafeTemporaryAllocation(of: ChunkSlot.self, capacity: Self.blockSlots) { block in
            for number in run.blocks {
                let bytes = UnsafeMutableRawBufferPointer(block)
                guard pread(file, bytes.baseAddress, bytes.count, off_t(number * bytes.count)) == bytes.count else {
                    hasFailed = true
                    return
                }
                for slot in block { body(slot) }
            }
        }
        for slot in run.open { body(slot) }
    }
}
