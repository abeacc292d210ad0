import HoldfastCore
import Testing

@Suite("Parts of paths")
struct PathPartsTests {
    @Test(
        "a path's folder",
        arguments: [("k", "."), ("a/b", "a"), ("/a", "/"), ("/a/b/c", "/a/b"), ("", "."), ("./k", ".")])
    func folder(path: String, folder: String) { #expect(PathParts.folder(of: path) == folder) }
}
