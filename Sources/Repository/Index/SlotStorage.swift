import Foundation
import HoldfastCore

/// A slot of a ``ChunkTable``.
struct ChunkSlot {
    var name: (UInt64, UInt64) = (0, 0)
    var pack: UInt32 = 0
    var offset: UInt32 = 0
    /// 0: the slot is free.
    var storedBytes: UInt32 = 0
    var plainBytesAndForm: UInt32 = 0

    var isFree: Bool { storedBytes == 0 }
    var plainBytes: Int64 { Int64(plainBytesAndForm & 0xFF_FFFF) }
}

/// The slots of a table: in memory while they are few, else in a file without a name, so that the memory of a process does
/// not grow with its repository. The system keeps in its cache what there is room for.
///
/// Used under the lock of whoever owns the table.
final class SlotStorage {
    /// 128 MiB in memory.
    static let memorySlotsMax = 1 << 22
    /// Slots read at once when one is looked for: most are found among them.
    private static let windowSlots = 16
    /// Slots read at once when all are looked at.
    private static let scanSlots = 1 << 15

    let count: Int
    /// Reading or writing the file failed. What is looked for may then seem not to be there.
    private(set) var hasFailed = false
    private let memory: UnsafeMutableBufferPointer<ChunkSlot>?
    private let file: Int32

    /// - Parameter scratch: where the file is made; nil, or when there is no room: in memory however many.
    init(count: Int, scratch: ScratchSpace?) {
        self.count = count
        if let scratch, count > scratch.memorySlotsMax,
            let file = scratch.makeFile(sizeBytes: count * Self.slotBytes)
        {
            self.file = file
            memory = nil
            return
        }
        file = -1
        let slots = UnsafeMutableBufferPointer<ChunkSlot>.allocate(capacity: count)
        slots.initialize(repeating: ChunkSlot())
        memory = slots
    }

    deinit {
        memory?.deallocate()
        if file >= 0 { close(file) }
    }

    private static let slotBytes = MemoryLayout<ChunkSlot>.stride

    var isInFile: Bool { memory == nil }

    /// Where the search for a name begins. Names are uniform, so this spreads them over any number of slots: Lemire, "Fast
    /// random integer generation in an interval", 2019.
    static func home(of name: (UInt64, UInt64), among count: Int) -> Int {
        Int(name.0.multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Where a name is, or the free slot where it would go.
    ///
    /// - Returns: nil when the file can't be read.
    func locate(_ name: (UInt64, UInt64)) -> (position: Int, slot: ChunkSlot)? {
        var position = Self.home(of: name, among: count)
        if let memory {
            while !memory[position].isFree, memory[position].name != name {
                position += 1
                if position == count { position = 0 }
            }
            return (position, memory[position])
        }
        return withUnsafeTemporaryAllocation(of: ChunkSlot.self, capacity: Self.windowSlots) { window in
            while true {
                let length = min(Self.windowSlots, count - position)
                guard read(UnsafeMutableBufferPointer(rebasing: window[..<length]), at: position) else { return nil }
                for index in 0..<length where window[index].isFree || window[index].name == name {
                    return (position + index, window[index])
                }
                position += length
                if position == count { position = 0 }
            }
        }
    }

    /// Something is missing in here.
    func markFailed() { hasFailed = true }

    func store(_ slot: ChunkSlot, at position: Int) {
        if let memory { return memory[position] = slot }
        var slot = slot
        let written = pwrite(file, &slot, Self.slotBytes, off_t(position * Self.slotBytes))
        if written != Self.slotBytes { hasFailed = true }
    }

    /// Writes many slots, one after the other.
    func store(_ slots: UnsafeMutableBufferPointer<ChunkSlot>, from start: Int) {
        if let memory {
            for (index, slot) in slots.enumerated() { memory[start + index] = slot }
            return
        }
        let bytes = slots.count * Self.slotBytes
        if pwrite(file, slots.baseAddress, bytes, off_t(start * Self.slotBytes)) != bytes { hasFailed = true }
    }

    /// Visits the slots in use, in order.
    ///
    /// - Throws: ``RepositoryError`` when not all of them can be read: then nobody may take those that were for all.
    func forEach(_ body: (_ position: Int, ChunkSlot) throws -> Void) throws {
        guard !hasFailed else { throw Self.unreadable }
        if let memory {
            for position in 0..<count where !memory[position].isFree { try body(position, memory[position]) }
            return
        }
        let block = UnsafeMutableBufferPointer<ChunkSlot>.allocate(capacity: Self.scanSlots)
        defer { block.deallocate() }
        for start in stride(from: 0, to: count, by: Self.scanSlots) {
            let length = min(Self.scanSlots, count - start)
            guard read(UnsafeMutableBufferPointer(rebasing: block[..<length]), at: start) else { throw Self.unreadable }
            for index in 0..<length where !block[index].isFree { try body(start + index, block[index]) }
        }
    }

    private static var unreadable: RepositoryError {
        RepositoryError(
            .storeUnavailable, "the index can't be read from its file in the cache folder; look at that disk")
    }

    private func read(_ slots: UnsafeMutableBufferPointer<ChunkSlot>, at position: Int) -> Bool {
        let bytes = slots.count * Self.slotBytes
        let got = pread(file, slots.baseAddress, bytes, off_t(position * Self.slotBytes))
        if got != bytes { hasFailed = true }
        return got == bytes
    }
}
