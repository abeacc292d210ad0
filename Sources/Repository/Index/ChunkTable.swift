/// Name → place, in an open-addressing table: 32 bytes a slot, ⅔ to ⅘ of the slots in use, so 40 to 48 bytes a chunk,
/// and 88 while it grows.
///
/// Slots hold the first 16 bytes of a name. Names are keyed hashes, so among 2³⁰ chunks two share them with probability
/// 2⁻⁶⁹; if they ever did, the seal, which holds the whole name, would refuse the wrong chunk rather than give it.
struct ChunkTable: ~Copyable, @unchecked Sendable {  // the slots have one owner, and are only reached through it
    private struct Slot {
        var name: (UInt64, UInt64) = (0, 0)
        var pack: UInt32 = 0
        var offset: UInt32 = 0
        /// 0: the slot is free.
        var storedBytes: UInt32 = 0
        var plainBytesAndForm: UInt32 = 0
    }

    private var slots: UnsafeMutableBufferPointer<Slot>
    private(set) var count = 0
    /// The sum of the plain lengths.
    private(set) var plainBytes: Int64 = 0

    init() {
        slots = .allocate(capacity: 1 << 10)
        slots.initialize(repeating: Slot())
    }

    deinit { slots.deallocate() }

    /// - Returns: the pack's number and the entry.
    func find(_ id: ChunkID) -> (pack: UInt32, entry: PackEntry)? {
        let slot = slots[position(of: (id.words.0, id.words.1))]
        guard slot.storedBytes != 0, let form = PackEntry.Form(rawValue: UInt8(slot.plainBytesAndForm >> 24)) else {
            return nil
        }
        let entry = PackEntry(
            id: id, offset: slot.offset, storedBytes: slot.storedBytes,
            plainBytes: slot.plainBytesAndForm & 0xFF_FFFF, form: form)
        return (slot.pack, entry)
    }

    var slotCount: Int { slots.count }

    /// Where the name is, as long as nothing is added; nil when it is not there.
    func slot(of id: ChunkID) -> Int? {
        let position = position(of: (id.words.0, id.words.1))
        return slots[position].storedBytes == 0 ? nil : position
    }

    /// The place that a slot in use names.
    func place(inSlot position: Int) -> (pack: UInt32, offset: UInt32, storedBytes: UInt32) {
        (slots[position].pack, slots[position].offset, slots[position].storedBytes)
    }

    /// Adds the entry, unless its name is there already.
    ///
    /// - Returns: the number of the pack that the name is in already; nil when the entry was added.
    mutating func insert(_ entry: PackEntry, pack: UInt32) -> UInt32? {
        if (count + 1) * 5 > slots.count * 4 { grow() }
        let position = position(of: (entry.id.words.0, entry.id.words.1))
        guard slots[position].storedBytes == 0 else { return slots[position].pack }
        slots[position] = Self.slot(entry, pack)
        count += 1
        plainBytes += Int64(entry.plainBytes)
        return nil
    }

    /// Puts the entry in the place of the one with its name.
    mutating func replace(_ entry: PackEntry, pack: UInt32) {
        slots[position(of: (entry.id.words.0, entry.id.words.1))] = Self.slot(entry, pack)
    }

    private static func slot(_ entry: PackEntry, _ pack: UInt32) -> Slot {
        Slot(
            name: (entry.id.words.0, entry.id.words.1), pack: pack, offset: entry.offset,
            storedBytes: entry.storedBytes, plainBytesAndForm: entry.plainBytes | UInt32(entry.form.rawValue) << 24)
    }

    /// Where the name is, or the free slot where it would go.
    private func position(of name: (UInt64, UInt64)) -> Int {
        // Names are uniform, so this spreads them over any number of slots: Lemire, "Fast random integer generation in
        // an interval", 2019.
        var position = Int(name.0.multipliedFullWidth(by: UInt64(slots.count)).high)
        while slots[position].storedBytes != 0, slots[position].name != name {
            position += 1
            if position == slots.count { position = 0 }
        }
        return position
    }

    private mutating func grow() {
        let old = slots
        slots = .allocate(capacity: old.count + old.count / 5)
        slots.initialize(repeating: Slot())
        for slot in old where slot.storedBytes != 0 { slots[position(of: slot.name)] = slot }
        old.deallocate()
    }
}
