import Catalog
import ControlPlane
import HoldfastCore
import TestSupport
import Testing

@Suite("Agents are known by what they last said")
struct AgentTests {
    private static let id = AgentID("0a1b2c3d0a1b2c3d4e5f0a1b2c3d4e5f")
    private static let report = AgentReport(
        id: id, hostName: "web-1", hostAddress: "192.0.2.1", hostSystem: "Debian", nickname: "the web")

    @Test("silence makes an agent offline, a word brings it back")
    func silence() async throws {
        try await World.with { world in
            _ = try await world.control.reportAgent(Self.report, by: World.admin)
            func status() async throws -> AgentStatus {
                try await world.control.showAgent(Self.id, by: World.viewer).status
            }
            world.clock.advance(by: AgentStatus.patience)
            #expect(try await status() == .online)
            world.clock.advance(by: .seconds(1))
            #expect(try await status() == .offline)
            #expect(try await world.control.listAgents(status: .offline, by: World.admin).count == 1)
            #expect(try await world.control.listAgents(status: .online, by: World.admin).count == 0)
            var again = Self.report
            again.nickname = nil
            again.hostName = "web-2"
            let view = try await world.control.reportAgent(again, by: World.user)
            #expect(view.status == .online && view.record.nickname == "the web" && view.record.hostName == "web-2")
            #expect(try await world.control.uninstallAgent(Self.id, by: World.admin).status == .uninstalled)
            #expect(try await world.control.listAgents(status: .uninstalled, by: World.admin).count == 1)
            #expect(try await world.control.listAgents(status: .online, by: World.admin).count == 0)
        }
    }

    @Test("another project sees none of it, may use the same id, and viewers change nothing")
    func tenancy() async throws {
        try await World.with { world in
            _ = try await world.control.reportAgent(Self.report, by: World.admin)
            await expectRefused(.agentNotFound) {
                _ = try await world.control.showAgent(Self.id, by: World.stranger)
            }
            await expectRefused(.agentNotFound) {
                try await world.control.removeAgent(Self.id, by: World.stranger)
            }
            _ = try await world.control.reportAgent(Self.report, by: World.stranger)
            try await world.control.removeAgent(Self.id, by: World.stranger)
            #expect(try await world.control.listAgents(by: World.admin).count == 1)
            await expectRefused(.forbidden) {
                _ = try await world.control.reportAgent(Self.report, by: World.viewer)
            }
            await expectRefused(.forbidden) {
                _ = try await world.control.addPaths(.init(places: ["/a"]), to: Self.id, by: World.viewer)
            }
        }
    }
}
