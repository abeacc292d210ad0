import Endpoints
import Jobs
import Testing

@Suite("Locations are read as paths of this machine")
struct LocationURITests {
    @Test(
        "by the resource's type",
        arguments: [
            ("file:///srv/share", "OS::Sfs::Turbo", Endpoints.SourceLocation.tree(path: "/srv/share")),
            ("file:///images/disk.raw", "OS::Cinder::Volume", .image(path: "/images/disk.raw")),
            ("file://localhost/dev/vdb", "OS::Cinder::Volume", .image(path: "/dev/vdb")),
            ("FILE:/srv/a", "OS::Sfs::Turbo", .tree(path: "/srv/a")),
            ("/srv/plain", "OS::Sfs::Turbo", .tree(path: "/srv/plain")),
            ("file:///srv/given%20back/%E6%BC%A2%3F%23", "OS::Sfs::Turbo", .tree(path: "/srv/given back/漢?#")),
            ("file:///srv/a b", "OS::Sfs::Turbo", .tree(path: "/srv/a b")),
        ])
    func accepted(text: String, type: String, place: Endpoints.SourceLocation) throws {
        #expect(try LocationURI.parse(text, type: type) == place)
    }

    @Test(
        "and refused with a reason when they are not",
        arguments: [
            ("nbd://host/export", LocationError.Code.unsupportedScheme),
            ("qmp+unix:///run/qmp.sock", .unsupportedScheme), ("srv/share", .unsupportedScheme),
            ("", .unsupportedScheme), ("file://host/srv", .malformed), ("file:srv", .malformed),
            ("file://", .malformed), ("file:///srv?x=1", .malformed), ("file:///srv#x", .malformed),
            ("file:///srv/%zz", .malformed), ("file:///srv/%ff", .malformed), ("file:///srv/%00", .malformed),
        ])
    func refused(text: String, code: LocationError.Code) {
        let error = #expect(throws: LocationError.self) { try LocationURI.parse(text, type: "OS::Sfs::Turbo") }
        #expect(error?.code == code)
        #expect(error?.message.isEmpty == false)
    }

    @Test("types that can't be backed up yet are named", arguments: ["OS::Nova::Server", "OS::Native::Server", ""])
    func types(type: String) {
        let error = #expect(throws: LocationError.self) { try LocationURI.parse("file:///srv", type: type) }
        #expect(error?.code == .unsupportedType)
    }
}
