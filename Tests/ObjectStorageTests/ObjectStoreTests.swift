import Foundation
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@Suite("Object stores obey one contract")
struct ObjectStoreTests {
    @Test("in memory") func memory() throws { try verifyObjectStore { MemoryObjectStore() } }

    @Test("on local disk")
    func local() throws {
        let directory = try ScratchFolder()
        try verifyObjectStore { try LocalObjectStore(root: directory.path + "/store") }
    }

    @Test("in memory, where nothing can be protected")
    func unprotecting() throws {
        try verifyObjectStore { MemoryObjectStore(answer: .unavailable(reason: "it is only memory")) }
    }

    @Test("behind the fault wrapper")
    func faulty() throws {
        try verifyObjectStore { FaultyObjectStore(MemoryObjectStore(), .fail, atCall: 1_000_000) }
    }
}

@Suite("The local object store")
struct LocalObjectStoreTests {
    @Test("a second store on the same folder sees what the first put")
    func reopened() throws {
        let directory = try ScratchFolder()
        let key = try ObjectKey("a/b")
        try LocalObjectStore(root: directory.path).put([1], at: key)
        #expect(try LocalObjectStore(root: directory.path).get(key, range: nil) == [1])
    }

    @Test("what a crash left half-written is no object, and is removed at the next start")
    func leftovers() throws {
        let directory = try ScratchFolder()
        try LocalObjectStore(root: directory.path).put([1], at: ObjectKey("config"))
        let part = directory.path + "/tmp/1-crashed-1"
        #expect(FileManager.default.createFile(atPath: part, contents: Data([1, 2])))
        let store = try LocalObjectStore(root: directory.path)
        #expect(!FileManager.default.fileExists(atPath: part))
        #expect(try store.list(ObjectKey("packs")).isEmpty)
    }

    @Test("of many writers of one key exactly one wins, and its bytes are whole")
    func race() throws {
        let directory = try ScratchFolder()
        let store = try LocalObjectStore(root: directory.path)
        let key = try ObjectKey("a/raced")
        let winners = Mutex<[UInt8]>([])
        DispatchQueue.concurrentPerform(iterations: 16) { index in
            let bytes = [UInt8](repeating: UInt8(index), count: 100_000)
            if (try? store.put(bytes, at: key)) != nil { winners.withLock { $0.append(UInt8(index)) } }
        }
        let won = winners.withLock { $0 }
        #expect(won.count == 1)
        #expect(try store.get(key, range: nil) == [UInt8](repeating: won.first ?? 255, count: 100_000))
    }

    @Test("a list beside somebody who removes what it is about to look at is no failure")
    func vanishing() throws {
        let directory = try ScratchFolder()
        let store = try LocalObjectStore(root: directory.path)
        let kept = try ObjectKey("a/kept")
        try store.put([1], at: kept)
        let isOver = Atomic<Bool>(false)
        // Counted here and expected once: each expectation takes longer than a list.
        let lists = Mutex((whole: 0, other: 0))
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            if index == 0 {
                for number in 0..<3000 {
                    guard let key = try? ObjectKey("a/\(number)") else { return }
                    _ = FileManager.default.createFile(atPath: "\(directory.path)/\(key)", contents: nil)
                    unlink("\(directory.path)/\(key)")
                }
                isOver.store(true, ordering: .relaxed)
            } else {
                repeat {
                    let isWhole = (try? store.list(ObjectKey("a")))?.contains { $0.key == kept } ?? false
                    lists.withLock { if isWhole { $0.whole += 1 } else { $0.other += 1 } }
                } while !isOver.load(ordering: .relaxed)
            }
        }
        #expect(lists.withLock { $0.whole } > 0)
        #expect(lists.withLock { $0.other } == 0)
        #expect(try store.list(ObjectKey("a")).map(\.key) == [kept])
    }

    @Test("looking at a place where nothing is makes nothing there")
    func noTrace() throws {
        let directory = try ScratchFolder()
        let root = directory.path + "/nothing"
        let store = try LocalObjectStore(root: root)
        #expect(code { try store.get(ObjectKey("config"), range: nil) } == .missing)
        #expect(try store.list(ObjectKey("packs")).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: root))
    }

    @Test("what can't be looked at is unavailable, never missing")
    func unavailable() throws {
        let directory = try ScratchFolder()
        let store = try LocalObjectStore(root: directory.path)
        try store.put([1], at: ObjectKey("a/b"))
        // A link that leads nowhere sensible, and a file where a folder should be.
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/a/link", withDestinationPath: directory.path + "/a/b")
        #expect(code { try store.get(ObjectKey("a/link"), range: nil) } == .unavailable)
        #expect(code { try store.put([1], at: ObjectKey("a/b/c")) } == .unavailable)
        #expect(code { try store.list(ObjectKey("a/b")) } == .unavailable)
        #expect(code { try LocalObjectStore(root: directory.path + "/a/b") } == .unavailable)
        #expect(try store.list(ObjectKey("a")).map(\.key.text) == ["a/b"], "a link is no object")
    }

    @Test("a folder removed under way is a clean error, and the next put makes it again")
    func folderRemoved() throws {
        let directory = try ScratchFolder()
        let store = try LocalObjectStore(root: directory.path + "/store")
        try store.put([1], at: ObjectKey("a/b"))
        try FileManager.default.removeItem(atPath: directory.path + "/store/a")
        #expect(code { try store.put([2], at: ObjectKey("a/b")) } == .unavailable)
        try store.put([3], at: ObjectKey("a/b"))
        #expect(try store.get(ObjectKey("a/b"), range: nil) == [3])
    }

    /// Goal: a disk that is not mounted any more never looks like a store that lost everything.
    @Test("a root that is gone, or is another folder, is an outage until it is back", arguments: [false, true])
    func rootGone(isAnotherThere: Bool) throws {
        let directory = try ScratchFolder()
        let root = directory.path + "/store"
        let store = try LocalObjectStore(root: root)
        try store.put([1], at: ObjectKey("a/b"))
        try FileManager.default.moveItem(atPath: root, toPath: directory.path + "/elsewhere")
        if isAnotherThere { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false) }
        let calls: [() throws -> Void] = [
            { try store.put([2], at: ObjectKey("a/c")) }, { _ = try store.get(ObjectKey("a/b"), range: nil) },
            { _ = try store.list(ObjectKey("a")) }, { try store.delete(ObjectKey("a/b")) },
        ]
        for call in calls { #expect(code(call) == .unavailable) }
        if isAnotherThere {
            #expect(try FileManager.default.contentsOfDirectory(atPath: root) == [])
            try FileManager.default.removeItem(atPath: root)
        }
        #expect(!FileManager.default.fileExists(atPath: root))
        try FileManager.default.moveItem(atPath: directory.path + "/elsewhere", toPath: root)
        #expect(try store.list(ObjectKey("a")).map(\.key.text) == ["a/b"])
        try store.put([2], at: ObjectKey("a/c"))
    }

    @Test("puts go on while other processes open the store and sweep")
    func sweeping() throws {
        let directory = try ScratchFolder()
        let store = try LocalObjectStore(root: directory.path)
        try store.put([0], at: ObjectKey("a/first"))
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for index in 0..<50 {
                do {
                    if thread == 0 {
                        _ = try LocalObjectStore(root: directory.path)
                    } else {
                        try store.put([UInt8(index)], at: ObjectKey("a/\(thread)-\(index)"))
                    }
                } catch { failures.withLock { $0 += 1 } }
            }
        }
        #expect(failures.withLock { $0 } == 0)
        #expect(try store.list(ObjectKey("a")).count == 151)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/tmp").isEmpty)
    }

    @Test("files are for their owner only, and never to be written again")
    func modes() throws {
        let directory = try ScratchFolder()
        let store = try LocalObjectStore(root: directory.path)
        try store.put([1], at: ObjectKey("a/b"))
        let file = try FileManager.default.attributesOfItem(atPath: directory.path + "/a/b")
        let folder = try FileManager.default.attributesOfItem(atPath: directory.path + "/a")
        #expect(file[.posixPermissions] as? Int == 0o400)
        #expect(folder[.posixPermissions] as? Int == 0o700)
    }
}

@Suite("The faulty object store")
struct FaultyObjectStoreTests {
    @Test("fails the chosen call only, with or without its work done", arguments: [false, true])
    func once(isDone: Bool) throws {
        let memory = MemoryObjectStore()
        let store = FaultyObjectStore(memory, isDone ? .loseAnswer : .fail, atCall: 2)
        try store.put([1], at: ObjectKey("a/1"))
        #expect(code { try store.put([2], at: ObjectKey("a/2")) } == .unavailable)
        try store.put([3], at: ObjectKey("a/3"))
        #expect(try memory.list(ObjectKey("a")).count == (isDone ? 3 : 2))
        #expect(store.callCount == 3)
    }

    @Test("after a crash no call works, with or without the last one's work done", arguments: [false, true])
    func crash(isDone: Bool) throws {
        let memory = MemoryObjectStore()
        let store = FaultyObjectStore(memory, isDone ? .crashAfter : .crash, atCall: 2)
        try store.put([1], at: ObjectKey("a/1"))
        #expect(code { try store.put([2], at: ObjectKey("a/2")) } == .unavailable)
        #expect(code { try store.get(ObjectKey("a/1"), range: nil) } == .unavailable)
        #expect(code { try store.list(ObjectKey("a")) } == .unavailable)
        #expect(code { try store.delete(ObjectKey("a/1")) } == .unavailable)
        #expect(try memory.list(ObjectKey("a")).count == (isDone ? 2 : 1))
    }
}

private func code(_ body: () throws -> some Any) -> ObjectStoreError.Code? {
    do {
        _ = try body()
        return nil
    } catch { return (error as? ObjectStoreError)?.code }
}

@Suite("Object keys")
struct ObjectKeyTests {
    @Test(
        "what could leave the store's folder is refused",
        arguments: [
            "", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "a/./b", "../a", "a/..", "./a", "a/.", "a b", "a\u{0}",
            "é", "a\\b", "a\n",
        ])
    func refused(text: String) {
        #expect(throws: ObjectStoreError.self) { try ObjectKey(text) }
    }

    @Test("plain names are taken", arguments: ["config", "packs/ab/abcd", "a.b-c_D/1", "..a", "a..", "...", "a/.../b"])
    func taken(text: String) throws { #expect(try ObjectKey(text).text == text) }

    @Test(
        "the name is what follows the last slash", arguments: [("config", "config"), ("a/b", "b"), ("a/b/c.d", "c.d")])
    func name(text: String, name: String) throws { #expect(try ObjectKey(text).name == name) }

    @Test("a name that is too long is refused")
    func long() throws {
        _ = try ObjectKey(String(repeating: "a", count: ObjectKey.bytesMax))
        #expect(throws: ObjectStoreError.self) { try ObjectKey(String(repeating: "a", count: ObjectKey.bytesMax + 1)) }
    }
}
