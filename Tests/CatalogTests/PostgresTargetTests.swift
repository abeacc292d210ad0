import Testing

@testable import Catalog

@Suite("A database's URL is read by libpq, and shown without its secrets")
struct PostgresTargetTests {
    @Test("every parameter is kept, passwords are not shown", arguments: ["postgres", "postgresql"])
    func parts(scheme: String) throws {
        let target = try PostgresTarget(
            url:
                "\(scheme)://me:s%40cret@db.example:6432/books?sslmode=verify-full&sslrootcert=/etc/ca.pem&sslpassword=other"
        )
        #expect(target.value(of: "password") == "s@cret" && target.value(of: "sslmode") == "verify-full")
        let shown = "postgres://me@db.example:6432/books?sslmode=verify-full&sslrootcert=/etc/ca.pem"
        #expect(target.description == shown)
        var dumped = "\(target) \(String(reflecting: target)) \([target])"
        dump(target, to: &dumped)
        #expect(!dumped.contains("s@cret") && !dumped.contains("s%40cret") && !dumped.contains("other"))
    }

    @Test("a password from elsewhere takes the place of the URL's")
    func password() throws {
        let target = try PostgresTarget(url: "postgres://me:old@h/d", password: "new")
        #expect(target.connectionParameters.filter { $0.keyword == "password" }.map(\.value) == ["new"])
        #expect(target.connectionParameters.contains { $0.keyword == "client_encoding" && $0.value == "UTF8" })
    }

    @Test("what stands in the URL wins over what we would choose")
    func defaults() throws {
        let target = try PostgresTarget(url: "postgres://h/d?keepalives_idle=3&client_encoding=latin1")
        let values = Dictionary(grouping: target.connectionParameters, by: \.keyword).mapValues { $0.map(\.value) }
        #expect(values["keepalives_idle"] == ["3"] && values["client_encoding"] == ["UTF8"])
    }

    @Test("each of several hosts is named alone, with its own address and port or the one for all")
    func hosts() {
        func named(_ settings: [String: String]) -> [String] {
            PostgresDial.hosts(settings).map { host in host.map { "\($0.keyword)=\($0.value)" }.joined(separator: " ") }
        }
        #expect(named(["host": "a,/b,", "port": "1,2,3"]) == ["host=a port=1", "host=/b port=2", "port=3"])
        #expect(
            named(["host": "a,b", "hostaddr": "::1,::2", "port": "5"]) == [
                "host=a hostaddr=::1 port=5", "host=b hostaddr=::2 port=5",
            ])
        #expect(named(["hostaddr": "::1,::2"]) == ["hostaddr=::1", "hostaddr=::2"])
        #expect(named(["port": "5432"]).isEmpty)
    }

    @Test("connect_timeout is whole seconds; nothing, 0 and less leave the choice to us")
    func connectTimeout() {
        #expect(PostgresDial.seconds("3") == .seconds(3))
        for text in [nil, "", "0", "-1", "x"] as [String?] { #expect(PostgresDial.seconds(text) == nil) }
    }

    @Test(
        "what can't be read is refused without repeating it",
        arguments: [
            "mysql://h/d", "", "host=h password=s3cret", "postgres://u:s3cret@[h/d", "postgres://u:%zzs3cret@h/d",
            "postgres://u:s3cret@h/d?no_such_setting=s3cret",
        ])
    func refused(url: String) {
        let error = #expect(throws: CatalogError.self) { try PostgresTarget(url: url) }
        #expect(error?.message.contains("s3cret") == false && error?.message.isEmpty == false)
    }
}
