/// Name → place, in an open-addressing table: 32 bytes a slot, at most ¾ of the slots in use, so 43 to 86 bytes a chunk
/// while it doubles.
///
/// Slots hold the first 16 bytes of a name. Names are keyed hashes, so among 2³⁰ chunks two share them with probability
/// 2⁻⁶⁹; if they ever did, the seal, which holds the whole name, would refuse the wrong chunk rather than give it.
struct ChunkTable: ~Copyable {
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

    /// - Parameter replace: asked when the name is there already, with the number of its pack.
    mutating func insert(_ entry: PackEntry, pack: UInt32, replace: (_ pack: UInt32) -> Bool) {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let position = position(of: (entry.id.words.0, entry.id.words.1))
        let isNew = slots[position].storedBytes == 0
        guard isNew || replace(slots[position].pack) else { return }
        slots[position] = Slot(
            name: (entry.id.words.0, entry.id.words.1), pack: pack, offset: entry.offset,
            storedBytes: entry.storedBytes, plainBytesAndForm: entry.plainBytes | UInt32(entry.form.rawValue) << 24)
        if isNew { count += 1 }
    }

    /// Where the name is, or the free slot where it would go.
    private func position(of name: (UInt64, UInt64)) -> Int {
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: name.0) & mask
        while slots[position].storedBytes != 0, slots[position].name != name { position = (position + 1) & mask }
        return position
    }

    private mutating func grow() {
        let old = slots
        slots = .allocate(capacity: old.count * 2)
        slots.initialize(repeating: Slot())
        for slot in old where slot.storedBytes != 0 { slots[position(of: slot.name)] = slot }
        old.deallocate()
    }
}
