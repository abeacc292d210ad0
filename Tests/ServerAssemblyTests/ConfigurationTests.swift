import Catalog
import Foundation
import TestSupport
import Testing

@testable import ServerAssembly

@Suite("Configuration: flags over variables over a file over what is standard")
struct ConfigurationTests {
    @Test("each value comes from the first place that has it, and says which")
    func precedence() async throws {
        try await withFile("region: from-file\nlog:\n  level: debug\njobs:\n  parallel: 7\n") { file in
            let resolved = try await ResolvedConfiguration.resolve(
                flags: ["region": "from-flag"],
                environment: ["HOLDFAST_REGION": "from-variable", "HOLDFAST_LOG_LEVEL": "error", "PATH": "/bin"],
                file: file)
            func found(_ setting: Setting) -> [String?] {
                resolved.values.filter { $0.setting == setting }.flatMap { [$0.text, $0.source] }
            }
            #expect(found(.region) == ["from-flag", "flag"])
            #expect(found(.logLevel) == ["error", "HOLDFAST_LOG_LEVEL"])
            #expect(found(.parallel) == ["7", file])
            #expect(found(.listen) == ["127.0.0.1:8776", "default"])
            #expect(resolved.values.map(\.setting) == Setting.all)
        }
    }

    @Test("with nothing set, all but the data directory has a value")
    func standard() async throws {
        let resolved = try await ResolvedConfiguration.resolve(flags: [:], environment: [:], file: nil)
        #expect(throws: ConfigurationError.self) { try ServerConfiguration(resolved) }
        let set = try await ResolvedConfiguration.resolve(flags: ["data": "/d"], environment: [:], file: nil)
        let configuration = try ServerConfiguration(set)
        #expect(configuration.host == "127.0.0.1" && configuration.port == 8776)
        #expect(configuration.allowedRoots.isEmpty)
        #expect(configuration.region == "local-1")
    }

    @Test("numbers and lists in a file are read as they are written there")
    func forms() async throws {
        let text = """
            data: /srv/holdfast
            listen: "0.0.0.0:0"
            jobs: {parallel: 3}
            protect:
              allowed_roots:
                - /srv/a
                - /srv/b

            """
        try await withFile(text) { file in
            let configuration = try ServerConfiguration(
                try await ResolvedConfiguration.resolve(flags: [:], environment: [:], file: file))
            #expect(configuration.dataDirectory == "/srv/holdfast")
            #expect(configuration.parallel == 3)
            #expect(configuration.allowedRoots == ["/srv/a", "/srv/b"])
        }
    }

    @Test("a database's URL is shown without its password, also when it can't be read")
    func database() async throws {
        let url = "postgresql://me:s%65cret@db:6432/books?sslmode=require"
        let resolved = try await ResolvedConfiguration.resolve(
            flags: ["data": "/d"], environment: ["HOLDFAST_DATABASE": url], file: nil)
        let value = try #require(resolved.values.first { $0.setting == .database })
        #expect(value.shown == "postgres://me@db:6432/books?sslmode=require" && value.source == "HOLDFAST_DATABASE")
        guard case .postgres(let target) = try ServerConfiguration(resolved).catalog else {
            Issue.record("the catalog is not in the database")
            return
        }
        #expect(target.description == value.shown)
        for bad in ["mysql://me:secret@db/books", "postgres://me:secret@[db/books", "books"] {
            let error = await #expect(throws: ConfigurationError.self) {
                _ = try await ResolvedConfiguration.resolve(flags: ["database": bad], environment: [:], file: nil)
            }
            #expect(error?.message.contains("'database' (from flag)") == true)
            #expect(error?.message.contains("secret") == false && error?.message.contains("books") == false)
        }
    }

    @Test("a password's file is for its owner alone, and wants a database")
    func databasePassword() throws {
        try withTemporaryDirectory { folder in
            let file = "\(folder)/password"
            #expect(FileManager.default.createFile(atPath: file, contents: Data("a b\n".utf8)))
            for (mode, database, wanted) in [(0o644, "postgres://h/d", "chmod 600"), (0o600, nil, "'database' is not")]
            {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
                let error = #expect(throws: ConfigurationError.self) {
                    _ = try CatalogSource(database: database, passwordFile: file)
                }
                #expect(error?.message.contains(wanted) == true)
            }
            _ = try CatalogSource(database: "postgres://h/d", passwordFile: file)
        }
    }

    @Test(
        "a bad value stops the start with one sentence that names the key and where it stands",
        arguments: [
            ("listen", "localhost"), ("listen", ":80"), ("listen", "h:65536"), ("listen", "h:-1"), ("listen", "::1:80"),
            ("jobs.parallel", "0"), ("jobs.parallel", "65"), ("jobs.parallel", "two"), ("jobs.parallel", "1.5"),
            ("log.level", "loud"), ("log.format", "xml"), ("protect.allowed_roots", "/a:b"), ("region", ""),
            ("data", ""),
        ])
    func badValues(key: String, text: String) async throws {
        let setting = try #require(Setting.all.first { $0.key == key })
        for (flags, variables) in [([key: text], [:]), ([:], [setting.variable: text])] {
            let message = try await refusal(flags: flags, environment: variables)
            #expect(message.contains("'\(key)'"))
            #expect(message.contains(flags.isEmpty ? setting.variable : "flag"))
            #expect(!message.contains("\n"))
        }
    }

    @Test(
        "bad values in a file are refused, not left out",
        arguments: [
            "jobs: {parallel: many}", "jobs: {parallel: 99}", "log: {level: 5}", "jobs: {parallel: [1]}", "region: [a]",
            "jobs: 3", "log: {level: {a: b}}", "jobs: {parallel: 1.5}", "jobs: {parallel: true}",
        ])
    func badFileValues(text: String) async throws {
        try await withFile(text) { file in
            let message = try await refusal(file: file)
            #expect(message.contains(file))
        }
    }

    @Test("a variable or key that is no setting is named")
    func unknown() async throws {
        #expect(try await refusal(environment: ["HOLDFAST_REGOIN": "x"]).contains("HOLDFAST_REGOIN"))
        try await withFile("protect:\n  allowed_root: /a\n") { file in
            let message = try await refusal(file: file)
            #expect(message.contains("'protect.allowed_root'"))
        }
        try await withFile("Region: a\n") { file in
            let message = try await refusal(file: file)
            #expect(message.contains("'Region'"))
        }
    }

    @Test("variables that other verbs read are not taken for settings")
    func otherVariables() async throws {
        let environment = [
            "HOLDFAST_CONFIG": "/x", "HOLDFAST_CREDENTIALS": "/c", "HOLDFAST_PASSPHRASE": "p", "HOLDFAST_BINARY": "/b",
            "HOLDFAST_SEED": "1",
        ]
        _ = try await ResolvedConfiguration.resolve(flags: [:], environment: environment, file: nil)
    }

    @Test("a file that is not there, is no YAML, or holds no keys is refused; an empty one is none")
    func files() async throws {
        #expect(try await refusal(file: "/nonexistent/holdfast.yaml").contains("/nonexistent/holdfast.yaml"))
        for text in ["a: b: c", "[1, 2]", "just text", "\t- x"] {
            try await withFile(text) { file in
                let message = try await refusal(file: file)
                #expect(message.contains(file), "\(text)")
            }
        }
        for text in ["", "# nothing\n"] {
            try await withFile(text) { file in
                let resolved = try await ResolvedConfiguration.resolve(flags: [:], environment: [:], file: file)
                #expect(resolved[.region] == "local-1")
            }
        }
    }

    @Test("a secret's value is not shown, nor named in a refusal")
    func secrets() {
        let setting = Setting(key: "k", kind: .text, standard: nil, about: "", isSecret: true)
        let value = ResolvedConfiguration.Value(setting: setting, text: "hidden", source: "flag")
        #expect(value.shown == "********")
        #expect(ResolvedConfiguration.Value(setting: setting, text: nil, source: "default").shown.isEmpty)
    }

    @Test(
        "addresses",
        arguments: [
            ("127.0.0.1:0", "127.0.0.1", 0), ("[::1]:8776", "::1", 8776),
            ("backup.example:65535", "backup.example", 65535),
        ])
    func addresses(text: String, host: String, port: Int) {
        let address = ListenAddress(text)
        #expect(address?.host == host)
        #expect(address?.port == port)
    }

    private func refusal(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) async throws -> String {
        do {
            _ = try await ResolvedConfiguration.resolve(flags: flags, environment: environment, file: file)
            Issue.record("accepted")
            return ""
        } catch let error as ConfigurationError { return error.message }
    }

    private func withFile(_ text: String, _ body: (_ path: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/holdfast.yaml"
            try Data(text.utf8).write(to: URL(filePath: path))
            try await body(path)
        }
    }
}
