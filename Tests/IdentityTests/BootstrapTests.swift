import Catalog
import Foundation
import HoldfastCore
import TestSupport
import Testing

@testable import Identity

@Suite("The first start")
struct BootstrapTests {
    @Test("it happens once, whatever is rotated later")
    func once() async throws {
        try await IdentityBench.with { bench in
            let user = try await bench.login().principal.user.id
            _ = try await bench.service.rotatePassword(of: user)
            try await bench.service.deleteAccessKey(bench.admin.accessKey)
            let again = try await bench.service.bootstrap(region: "other", endpoint: "http://h") { _ in
                Issue.record("published again")
            }
            #expect(again == nil)
            #expect(try await bench.service.projects().map(\.name) == [IdentityBench.region])
        }
    }

    @Test("when the credentials can't be kept, nothing is stored, and the next start begins again")
    func publishing() async throws {
        struct DiskFull: Error {}
        try await CatalogPlace.with(schema: IdentityBench.schema) { place in
            let clock = ManualClock()
            let catalog = try await IdentityBench.open(place, clock)
            let service = IdentityService(catalog: catalog, box: IdentityBench.box(clock), seams: clock.seams)
            defer { service.close() }
            await #expect(throws: DiskFull.self) {
                try await service.bootstrap(region: "r", endpoint: "http://h") { _ in throw DiskFull() }
            }
            #expect(try await service.users().isEmpty)
            let admin = try await service.bootstrap(region: "r", endpoint: "http://h") { _ in }
            #expect(admin?.projectName == "r")
            #expect(admin?.iamEndpoint == "http://h")
        }
    }
}
