import Foundation
public import ObjectStorage
import Synchronization
import Testing

/// What every object store promises. A rule added here binds them all.
public func verifyObjectStore(_ make: () throws -> any ObjectStore) throws {
    let store = try make()
    let key = try ObjectKey("packs/ab/one")

    #expect(throws: ObjectStoreError.self, "an object that was never put is missing") { try store.get(key, range: nil) }
    #expect(code { try store.get(key, range: nil) } == .missing)
    #expect(try store.list(ObjectKey("packs")).isEmpty, "a folder that was never used is empty, not an error")
    try store.delete(key)

    try store.put([1, 2, 3, 4, 5], at: key)
    #expect(code { try store.put([9], at: key) } == .keyTaken)
    #expect(try store.get(key, range: nil) == [1, 2, 3, 4, 5], "a refused put must change nothing")
    #expect(try store.get(key, range: 1..<3) == [2, 3])
    #expect(try store.get(key, range: 5..<5) == [])
    #expect(code { try store.get(key, range: 3..<6) } == .outOfRange)

    try verifyLoads(store, key)

    let empty = try ObjectKey("packs/empty")
    try store.put([], at: empty)
    #expect(try store.get(empty, range: nil) == [])

    try store.put([7], at: ObjectKey("packsother/two"))
    let listed = try store.list(ObjectKey("packs"))
    #expect(
        listed == [ObjectEntry(key: key, sizeBytes: 5), ObjectEntry(key: empty, sizeBytes: 0)],
        "a list is in order, at any depth, and does not spill into a folder whose name begins alike")

    let raced = try ObjectKey("packs/raced")
    let wins = Mutex<[UInt8]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { index in
        let bytes = [UInt8](repeating: UInt8(index), count: 10_000)
        if (try? store.put(bytes, at: raced)) != nil { wins.withLock { $0.append(UInt8(index)) } }
    }
    let winner = wins.withLock { $0 }
    #expect(winner.count == 1, "of many writers of one key exactly one wins")
    #expect(try store.get(raced, range: nil) == [UInt8](repeating: winner.first ?? 255, count: 10_000))

    try store.delete(key)
    try store.delete(key)
    #expect(code { try store.get(key, range: nil) } == .missing, "what is deleted is gone at once")
    try store.put([6], at: key)
    #expect(try store.get(key, range: nil) == [6], "a deleted key can be used again")
    try verifyProtection(store)
}

/// A store either refuses by itself to remove what it was asked to protect, or says that it can't.
private func verifyProtection(_ store: any ObjectStore) throws {
    let key = try ObjectKey("points/kept")
    #expect(code { try store.protect(key, until: nil) } == .missing, "what is not there can't be protected")
    try store.release(key)
    try store.put([1, 2, 3], at: key)
    try store.release(key)
    let answer = try store.protect(key, until: Date(timeIntervalSince1970: 4_000_000_000))
    // Else the file stays where even a test's folder can't be removed.
    defer { try? store.release(key) }
    #expect(try store.protect(key, until: nil) == answer, "the answer is the same each time")
    switch answer {
    case .refusesRemoval:
        #expect(code { try store.delete(key) } == .protected)
        #expect(code { try store.put([9], at: key) } == .keyTaken)
        #expect(try store.get(key, range: nil) == [1, 2, 3], "a refused removal changes nothing")
        #expect(try store.list(ObjectKey("points")).map(\.key) == [key])
        try store.release(key)
    case .unavailable(let reason): #expect(!reason.isEmpty, "it says why")
    }
    try store.delete(key)
    #expect(code { try store.get(key, range: nil) } == .missing, "what was given free goes")
    try store.put([4], at: key)
    try store.delete(key)
}

/// Of lengths around those where a store may change its way of reading.
private func verifyLoads(_ store: any ObjectStore, _ five: ObjectKey) throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: (9 << 20) + 4096, alignment: 4096)
    defer { memory.deallocate() }
    #expect(try store.load(five, into: memory) == 5)
    #expect(Array(memory[..<5]) == [1, 2, 3, 4, 5])
    #expect(try store.load(five, into: UnsafeMutableRawBufferPointer(rebasing: memory[1..<6])) == 5)
    let narrow = UnsafeMutableRawBufferPointer(rebasing: memory[..<4])
    #expect(code { try store.load(five, into: narrow) } == .outOfRange)
    #expect(code { try store.load(ObjectKey("packs/none"), into: memory) } == .missing)
    for (number, length) in [1 << 20, (1 << 20) - 1, (4 << 20) + 4095, (8 << 20) + 4096, 9 << 20].enumerated() {
        let large = try ObjectKey("loads/\(number)")
        // Pages that differ, each of one byte: a loop over single ones takes seconds without optimisation.
        var bytes: [UInt8] = []
        for page in 0...length >> 12 {
            bytes += [UInt8](repeating: UInt8(truncatingIfNeeded: page &* 31), count: min(4096, length - bytes.count))
        }
        try store.put(bytes, at: large)
        for part in [0..<memory.count, 0..<length, 1..<length + 1] {
            let room = UnsafeMutableRawBufferPointer(rebasing: memory[part])
            #expect(try store.load(large, into: room) == length)
            let isSame = Data(room[..<length]) == Data(bytes)
            #expect(isSame, "\(length) bytes into room from \(part.lowerBound) on")
        }
    }
}

private func code(_ body: () throws -> some Any) -> ObjectStoreError.Code? {
    do {
        _ = try body()
        return nil
    } catch { return (error as? ObjectStoreError)?.code }
}
