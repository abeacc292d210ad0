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
        _ = try LocalObjectStore(root: directory.path)
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

@Suite("Object keys")
struct ObjectKeyTests {
    @Test(
        "what could leave the store's folder is refused",
        arguments: ["", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "a/./b", "a b", "a\u{0}", "é", "a\\b", "a\n"])
    func refused(text: String) {
        #expect(throws: ObjectStoreError.self) { try ObjectKey(text) }
    }

    @Test("plain names are taken", arguments: ["config", "packs/ab/abcd", "a.b-c_D/1", "..a"])
    func taken(text: String) throws { #expect(try ObjectKey(text).text == text) }

    @Test("a name that is too long is refused")
    func long() throws {
        _ = try ObjectKey(String(repeating: "a", count: ObjectKey.bytesMax))
        #expect(throws: ObjectStoreError.self) { try ObjectKey(String(repeating: "a", count: ObjectKey.bytesMax + 1)) }
    }
}
