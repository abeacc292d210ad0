import Catalog
import Foundation
import HoldfastCore
import Synchronization
import TestSupport
import Testing

@testable import Identity

/// An identity service on a catalog of its own, after its first start, on a clock that the test moves.
struct IdentityBench: Sendable {
    static let region = "local-1"

    let clock: ManualClock
    let place: CatalogPlace
    let catalog: any CatalogDatabase
    let service: IdentityService
    let admin: AdminCredentials

    /// Runs `body` with a bench and takes it down afterwards.
    static func with(_ body: (IdentityBench) async throws -> Void) async throws {
        try await CatalogPlace.with(schema: schema) { place in
            let clock = ManualClock()
            let catalog = try await open(place, clock)
            let service = IdentityService(catalog: catalog, box: box(clock), seams: clock.seams)
            defer { service.close() }
            let admin = try await service.bootstrap(region: region, endpoint: "http://127.0.0.1:8776") { _ in }
            guard let admin else { throw NotFirst() }
            try await body(
                IdentityBench(clock: clock, place: place, catalog: catalog, service: service, admin: admin))
        }
    }

    static let schema = CoreMigrations.all + IdentityMigrations.all

    static func open(_ place: CatalogPlace, _ clock: ManualClock) async throws -> any CatalogDatabase {
        try await place.open(schema, seams: clock.seams)
    }

    static func box(_ clock: ManualClock, fill: UInt8 = 7) -> SecretBox {
        SecretBox(key: [UInt8](repeating: fill, count: SecretBox.keyBytes), randomBytes: clock.seams.randomBytes)
    }

    struct NotFirst: Error {}

    var project: ProjectID { ProjectID(admin.projectID) }
    var adminName: TokenRequest.UserName { .named(admin.userName, domain: .named(admin.domainName)) }

    /// A login with the administrator's password.
    func login(scope: TokenRequest.Scope = .unspecified) async throws -> IssuedToken {
        try await service.issueToken(
            TokenRequest(method: .password(adminName, password: admin.password), scope: scope))
    }

    /// A signed request of the administrator's key, at the bench's time.
    func signed(
        _ path: String = "/v3/projects", headers: [(name: String, value: String)] = [], secret: String? = nil
    ) -> SignedRequest {
        RequestSigner(accessKey: admin.accessKey, secret: secret ?? admin.secretKey).signed(
            SignedRequest(
                method: "GET", path: path, query: "", headers: [("Host", "127.0.0.1:8776")] + headers, body: []),
            at: clock.seams.now())
    }

    /// A request with a token.
    func bearing(_ token: String) -> SignedRequest {
        SignedRequest(method: "GET", path: "/", query: "", headers: [("X-Auth-Token", token)], body: [])
    }

    /// Makes a project in which the administrator has no role.
    func otherProject(_ name: String = "other") async throws -> ProjectRecord {
        try await service.createProject(name: name, in: DomainID(admin.domainID))
    }

    /// Everything that the database holds: its files, as they lie on the disk, or what a dump of it would show.
    func storedBytes() async throws -> Data {
        if place.kind == .postgres {
            let tables = ["users", "tokens", "access_keys", "application_credentials"]
            return try await catalog.read { transaction in
                Data(try tables.map { "\(try transaction.query("SELECT * FROM \($0)"))" }.joined().utf8)
            }
        }
        return try ["catalog.sqlite", "catalog.sqlite-wal"].reduce(into: Data()) { all, name in
            let path = place.folder + "/" + name
            if FileManager.default.fileExists(atPath: path) {
                all += try Data(contentsOf: URL(filePath: path))
            }
        }
    }
}

/// The code of an identity error; nil when nothing was thrown.
func code(_ body: () async throws -> Void) async throws -> IdentityError.Code? {
    do {
        try await body()
        return nil
    } catch let error as IdentityError { return error.code }
}

/// Expects an identity error with a code.
func expectRefusal(
    _ expected: IdentityError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async throws {
    let found = try await code(body)
    #expect(found == expected, sourceLocation: sourceLocation)
}
