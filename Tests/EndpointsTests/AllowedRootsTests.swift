import Endpoints
import Foundation
import TestSupport
import Testing

@Suite("Allowed roots")
struct AllowedRootsTests {
    private func make(_ place: String) throws -> AllowedRoots {
        for name in ["allowed/inner", "allowed-not", "other"] {
            try FileManager.default.createDirectory(atPath: place + "/" + name, withIntermediateDirectories: true)
        }
        try Data([1]).write(to: URL(filePath: place + "/other/secret"))
        for (link, target) in [("out", "/other"), ("in", "/allowed/inner"), ("dangling", "/other/none")] {
            try FileManager.default.createSymbolicLink(
                atPath: place + "/allowed/" + link, withDestinationPath: place + target)
        }
        return try AllowedRoots([place + "/allowed"])
    }

    @Test("let through what lies below them, with its real path")
    func inside() throws {
        try withTemporaryDirectory { place in
            let roots = try make(place)
            #expect(try roots.resolve(.tree(path: place + "/allowed")) == .tree(path: place + "/allowed"))
            #expect(try roots.resolve(.tree(path: place + "/allowed/in")) == .tree(path: place + "/allowed/inner"))
            #expect(
                try roots.resolve(.tree(path: place + "/allowed/./inner/../inner/"))
                    == .tree(path: place + "/allowed/inner"))
            #expect(
                try roots.resolve(.image(path: place + "/allowed/inner/a/b"), mustExist: false)
                    == .image(path: place + "/allowed/inner/a/b"))
        }
    }

    @Test(
        "refuse what lies elsewhere, however it is written",
        arguments: [
            "/other", "/allowed-not", "/allowed/../other", "/allowed/out", "/allowed/out/secret",
            "/allowed/inner/../../other/secret",
        ])
    func outside(path: String) throws {
        try withTemporaryDirectory { place in
            let roots = try make(place)
            let error = #expect(throws: EndpointError.self) { try roots.resolve(.tree(path: place + path)) }
            #expect(error?.code == .outsideAllowedRoots)
        }
    }

    @Test(
        "refuse targets that would be made elsewhere",
        arguments: ["/allowed/out/new", "/allowed/none/../../other/new", "/other/new"])
    func targetOutside(path: String) throws {
        try withTemporaryDirectory { place in
            let roots = try make(place)
            #expect(throws: EndpointError.self) { try roots.resolve(.tree(path: place + path), mustExist: false) }
        }
    }

    @Test("refuse targets behind a link that leads nowhere: writing would make what it points to")
    func danglingTarget() throws {
        try withTemporaryDirectory { place in
            let roots = try make(place)
            #expect(throws: EndpointError.self) {
                try roots.resolve(.image(path: place + "/allowed/dangling"), mustExist: false)
            }
        }
    }

    @Test("refuse everything when there are none, and paths that are not absolute")
    func none() throws {
        try withTemporaryDirectory { place in
            #expect(throws: EndpointError.self) { try AllowedRoots([]).resolve(.tree(path: place)) }
            #expect(throws: EndpointError.self) { try AllowedRoots(["/"]).resolve(.tree(path: "etc")) }
            let found = try AllowedRoots(["/"]).resolve(.tree(path: place))
            #expect(found == .tree(path: place))
        }
    }
}
