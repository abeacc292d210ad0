import Catalog
import ControlPlane
import Endpoints
import Foundation
import HoldfastCore
import Jobs
import Synchronization
import TestSupport
import Testing

@Suite("Places are looked at in bounded time, and only where it is allowed")
struct EndpointInspectorTests {
    @Test("what is there is reachable, what is not says why")
    func findings() async throws {
        try await withTemporaryDirectory { directory in
            let root = "\(directory)/srv"
            try FileManager.default.createDirectory(atPath: "\(root)/share", withIntermediateDirectories: true)
            #expect(FileManager.default.createFile(atPath: "\(root)/disk.raw", contents: Data(count: 4096)))
            #expect(FileManager.default.createFile(atPath: "\(directory)/secret", contents: Data(count: 1)))
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/out", withDestinationPath: "\(directory)/secret")
            try FileManager.default.createSymbolicLink(atPath: "\(root)/in", withDestinationPath: "\(root)/share")
            let inspector = EndpointInspector(roots: try AllowedRoots([root]), seams: .live)
            func look(_ path: String, _ type: ResourceType, _ role: LocationRole = .source) async throws
                -> LocationFinding
            {
                try await inspector.inspect(location: "file://\(path)", type: type, role: role)
            }
            #expect(
                try await look("\(root)/share", .sharedFileSystem) == .reachable(sizeBytes: nil, place: "\(root)/share")
            )
            #expect(
                try await look("\(root)/disk.raw", .volume)
                    == .reachable(sizeBytes: 4096, place: "\(root)/disk.raw"))
            #expect(
                try await look("\(root)/in", .sharedFileSystem)
                    == .reachable(sizeBytes: nil, place: "\(root)/share"))
            #expect(
                try await look("\(root)/new", .sharedFileSystem, .target)
                    == .reachable(sizeBytes: nil, place: "\(root)/new"))
            for (path, type, role) in [
                ("\(root)/new", ResourceType.sharedFileSystem, LocationRole.source),
                ("\(root)/disk.raw", .sharedFileSystem, .source), ("\(root)/disk.raw", .sharedFileSystem, .target),
                ("\(root)/share", .volume, .source), ("\(root)/new.raw", .volume, .target),
            ] {
                guard case .unreachable = try await look(path, type, role) else {
                    Issue.record("\(path) as \(type) for \(role) is not unreachable")
                    continue
                }
            }
            for path in ["\(directory)/secret", "\(root)/out", "\(root)/../secret"] {
                guard case .refused = try await look(path, .volume) else {
                    Issue.record("\(path) is not refused")
                    continue
                }
            }
            guard case .refused = try await look("\(root)/share", .server) else {
                Issue.record("a server can't be looked at yet")
                return
            }
        }
    }

    @Test("a mount that hangs counts as unreachable, holds one thread, and is looked at again when it is back")
    func hanging() async throws {
        try await withTemporaryDirectory { directory in
            let clock = ManualClock()
            let hang = NSCondition()
            let state = Mutex((looks: 0, isBack: false))
            let inspector = EndpointInspector(roots: try AllowedRoots([directory]), seams: clock.seams) { _ in
                hang.withLock {
                    state.withLock { $0.looks += 1 }
                    while !state.withLock({ $0.isBack }) { hang.wait() }
                }
                return Inspection(kind: .directory, sizeBytes: nil)
            }
            let ask: @Sendable () async throws -> LocationFinding = {
                try await inspector.inspect(location: directory, type: .sharedFileSystem, role: .source)
            }
            for _ in 1...3 {
                let sleepers = clock.sleeperCount
                async let finding = ask()
                try await eventually("it waits") { clock.sleeperCount > sleepers }
                try await eventually("the look has begun") { state.withLock { $0.looks } == 1 }
                clock.advance(by: .seconds(5))
                guard case .unreachable = try await finding else {
                    Issue.record("a place that hangs is not unreachable")
                    return
                }
            }
            #expect(state.withLock { $0.looks } == 1)
            hang.withLock {
                state.withLock { $0.isBack = true }
                hang.broadcast()
            }
            // The look that hung may still be on its way back; asking again joins it, or begins another.
            for _ in 1...2 { #expect(try await ask() == .reachable(sizeBytes: nil, place: directory)) }
        }
    }
}
