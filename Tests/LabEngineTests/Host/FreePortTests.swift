import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import HTTPTransport
@testable import HostFacts
@testable import LabSupport

@Suite("A port instead of a taken one")
struct FreePortTests {
    @Test func theNextFreeOneAboveTenThousand() throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200) }
        guard case .tcp(_, let port, _) = server.endpoint else { return }
        #expect(!FreePort.isFree(port) && !FreePort.isFree(70_000))
        // Whoever listens ten thousand above is passed over, and so is what is spoken for.
        let suggested = try #require(FreePort.suggested(insteadOf: port - 10_000, not: [port + 1]))
        #expect(suggested > port + 1 && suggested < port + 50 && FreePort.isFree(suggested))
        #expect(FreePort.suggested(insteadOf: 60_000) == nil)
    }

    @Test func theCureAndTheDoctorSuggestTheSame() {
        let facts = RemedyFacts.read(environment: [:])
        #expect(facts.values["FREE_PORT"] == FreePort.suggested(insteadOf: 8080).map(String.init))
    }

    @Test func theEngineIsStartedAsThisMachineDoes() {
        #expect(EngineService.command("start", systemd: true) == "sudo systemctl start docker")
        #expect(EngineService.command("start", systemd: false) == "sudo service docker start")
        let hint = LabError.engineStopped.hint
        #expect(hint?.en.contains("systemctl") == EngineService.hasSystemd)
        #expect(hint?.zh.contains("service docker start") == !EngineService.hasSystemd)
    }
}

@Suite struct ShownNumberTests {
    @Test(arguments: [
        (0.5, 0, "50%"), (0.9915, 1, "99.2%"), (1, 1, "100.0%"), (0, 0, "0%"), (-0.001, 0, "0%"), (.nan, 0, "-%"),
    ])
    func shares(share: Double, decimals: Int, expected: String) {
        #expect(ShownNumber.percent(share: share, decimals) == expected)
    }

    @Test(arguments: [(1_234_567.0, "1.235"), (12_345_678, "12.35"), (123_456_789, "123.5"), (0, "0.000")])
    func milliseconds(nanoseconds: Double, expected: String) { #expect(ShownNumber.milliseconds(nanoseconds) == expected) }
}
