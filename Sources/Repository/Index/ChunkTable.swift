/// Name → place, in an open-addressing table: 32 bytes a slot, ⅔ to ⅘ of the slots in use while they are in memory, so 40 to 48
/// bytes a chunk, and 88 while it grows. More than ``SlotStorage/memorySlotsMax`` lie in a file.
///
/// Slots hold the first 16 bytes of a name. Names are keyed hashes, so among 2³⁰ chunks two share them with probability
/// 2⁻⁶⁹; if they ever did, the seal, which holds the whole name, would refuse the wrong chunk rather than give it.
struct ChunkTable: ~Copyable, @unchecked Sendable {  // the slots have one owner, and are only reached through it
    private var slots: SlotStorage
    private let scratch: ScratchSpace?
    private(set) var count = 0
    /// The sum of the plain lengths.
    private(set) var plainBytes: Int64 = 0
    /// There while many are being added; see ``collect(_:)``.
    private var sorter: SlotSorter?

    /// - Parameter scratch: for a large table; nil: it stays in memory.
    init(scratch: ScratchSpace? = nil) {
        self.scratch = scratch
        slots = SlotStorage(count: 1 << 10, scratch: nil)
    }

    /// - Returns: the pack's number and the entry.
    func find(_ id: ChunkID) -> (pack: UInt32, entry: PackEntry)? {
        guard let (_, slot) = slots.locate((id.words.0, id.words.1)), !slot.isFree,
            let form = PackEntry.Form(rawValue: UInt8(slot.plainBytesAndForm >> 24))
        else { return nil }
        let entry = PackEntry(
            id: id, offset: slot.offset, storedBytes: slot.storedBytes,
            plainBytes: slot.plainBytesAndForm & 0xFF_FFFF, form: form)
        return (slot.pack, entry)
    }

    var slotCount: Int { slots.count }

    /// Where the name is, as long as nothing is added; nil when it is not there.
    func slot(of id: ChunkID) -> Int? {
        guard let (position, slot) = slots.locate((id.words.0, id.words.1)), !slot.isFree else { return nil }
        return position
    }

    /// Visits the slots in use, in order.
    ///
    /// - Throws: what `body` throws, or ``RepositoryError`` when the table's file can't be read.
    func forEachPlace(
        _ body: (_ slot: Int, _ pack: UInt32, _ offset: UInt32, _ storedBytes: UInt32) throws -> Void
    ) throws {
        try slots.forEach { position, slot in try body(position, slot.pack, slot.offset, slot.storedBytes) }
    }

    /// Makes room for so many more, at once.
    mutating func reserve(_ more: Int) {
        let needed = (count + more) + (count + more) / 3
        if needed > slots.count { grow(to: needed) }
    }

    /// Makes room for so many more, as ``reserve(_:)`` does. Where they are to lie in a file, what is added from here on is not
    /// found before ``settle(isNewer:)``, which puts all of it into the file at once.
    ///
    /// - Parameter regionSlots: for tests.
    mutating func collect(_ more: Int, regionSlots: Int = SlotSorter.regionSlots) {
        guard sorter == nil else { return }
        reserve(more)
        guard count == 0, slots.isInFile, let scratch else { return }
        sorter = SlotSorter(for: slots, scratch: scratch, regionSlots: regionSlots)
    }

    var isCollecting: Bool { sorter != nil }

    /// Adds an entry. Where its name is there already, that of the pack that `isNewer` prefers stays.
    ///
    /// - Parameter isNewer: whether the second pack goes before the first.
    mutating func add(_ entry: PackEntry, pack: UInt32, isNewer: (UInt32, UInt32) -> Bool) {
        if let sorter {
            if (sorter.count + 1) * 5 <= slots.count * 4 { return sorter.add(Self.slot(entry, pack)) }
            settle(isNewer: isNewer)
        }
        guard let old = insert(entry, pack: pack), isNewer(old, pack) else { return }
        replace(entry, pack: pack)
    }

    /// Ends what ``collect(_:regionSlots:)`` began.
    mutating func settle(isNewer: (UInt32, UInt32) -> Bool) {
        guard let sorter else { return }
        (count, plainBytes) = sorter.settle { isNewer($0.pack, $1.pack) }
        self.sorter = nil
    }

    /// Adds the entry, unless its name is there already.
    ///
    /// - Returns: the number of the pack that the name is in already; nil when the entry was added.
    mutating func insert(_ entry: PackEntry, pack: UInt32) -> UInt32? {
        if (count + 1) * 5 > slots.count * 4 { grow(to: slots.count + slots.count / 5) }
        guard let (position, slot) = slots.locate((entry.id.words.0, entry.id.words.1)) else { return nil }
        guard slot.isFree else { return slot.pack }
        slots.store(Self.slot(entry, pack), at: position)
        count += 1
        plainBytes += Int64(entry.plainBytes)
        return nil
    }

    /// Puts the entry in the place of the one with its name.
    mutating func replace(_ entry: PackEntry, pack: UInt32) {
        guard let (position, old) = slots.locate((entry.id.words.0, entry.id.words.1)), !old.isFree else { return }
        slots.store(Self.slot(entry, pack), at: position)
        plainBytes += Int64(entry.plainBytes) - old.plainBytes
    }

    private static func slot(_ entry: PackEntry, _ pack: UInt32) -> ChunkSlot {
        ChunkSlot(
            name: (entry.id.words.0, entry.id.words.1), pack: pack, offset: entry.offset,
            storedBytes: entry.storedBytes, plainBytesAndForm: entry.plainBytes | UInt32(entry.form.rawValue) << 24)
    }

    private mutating func grow(to slotCount: Int) {
        // A file grows by more at once: what is in it has to be written again.
        let isLarge = scratch.map { slotCount > $0.memorySlotsMax } ?? false
        let larger = SlotStorage(count: isLarge ? max(slotCount, slots.count * 3 / 2) : slotCount, scratch: scratch)
        // In the order of positions, which is nearly that in the larger one. What can't be read is missing, which is found
        // out where it matters: a scan fails.
        try? slots.forEach { _, slot in
            if let (position, _) = larger.locate(slot.name) { larger.store(slot, at: position) }
        }
        if slots.hasFailed { larger.markFailed() }
        slots = larger
    }
}
