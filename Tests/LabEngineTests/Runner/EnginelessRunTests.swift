import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite("Runner: a machine without an engine")
struct EnginelessRunTests {
    private let nowhere = ["DOCKER_HOST": "unix:///nonexistent/docker.sock"]

    private func mini(_ tasks: [LabTask], found: @escaping @Sendable (EngineConnected) -> Void = { _ in }) throws -> MiniRun {
        try MiniRun(RunEngine(http: CurlHTTPClient.shared, environment: nowhere, found: found), Mini.spec(tasks))
    }

    @Test func whatNeedsNoneIsDoneAndTheRestFailsOfTheReason() async throws {
        let container = LabAction.run(LabRunAction(LabContainer(image: "i", name: "c", command: ["true"])))
        let told = Locked(0)
        let outcome = try await mini(
            [
                Mini.task("1.1", .facts(LabFactsAction([.processors, .memory, .disk, .gpu, .network]))),
                Mini.task("1.2", .facts(LabFactsAction([.engine])), checks: [.engine]), Mini.task("2.1", container, needs: ["1.2"]),
                Mini.task("2.2", container), Mini.task("2.3", .facts(LabFactsAction([.memory])), needs: ["1.1"]),
            ]
        ) { _ in told.withLock { $0 += 1 } }.perform()
        #expect(outcome.ending("1.1")?.outcome == .succeeded)
        #expect(outcome.ending("2.3")?.outcome == .succeeded)
        #expect(outcome.ending("2.1")?.outcome == .blocked)
        for task in ["1.2", "2.2"] as [TaskID] {
            let error = try #require(outcome.ending(task)?.error)
            #expect(error.code == .engineChosenMissing && error.exitStatus == 3 && error.hint != nil)
            let causes = outcome.payloads(task).compactMap { if case .finding(let finding) = $0 { finding.cause } else { nil } }
            #expect(causes.first == "docker-host-wrong")
        }
        #expect(told.withLock { $0 } == 0)
    }

    @Test func nobodyLooksForAnEngineThatNobodyNeeds() async throws {
        let server = try ScriptedServer { _, connection in try connection.respond(500) }
        let engine = RunEngine(http: CurlHTTPClient.shared, environment: ["DOCKER_HOST": server.endpoint.dockerHost])
        let outcome = try await MiniRun(engine, Mini.spec([Mini.task("1.1", .facts(LabFactsAction([.disk])))])).perform()
        #expect(outcome.ending("1.1")?.outcome == .succeeded)
        #expect(server.requests.isEmpty)
    }

    @Test(.tags(.engine), .needsOfTags) func oneThatAnswersIsFoundOnceForAll() async throws {
        let told = Locked<[EngineConnected]>([])
        let endpoint = try RealEngine.endpoint()
        let engine = RunEngine(http: CurlHTTPClient.shared, environment: ["DOCKER_HOST": endpoint.dockerHost]) { found in
            told.withLock { $0.append(found) }
        }
        #expect(engine.endpoint == nil)
        let tasks = ["1.1", "1.2", "1.3"].map { Mini.task($0, .facts(LabFactsAction([.engine])), checks: [.engine]) }
        let outcome = try await MiniRun(engine, Mini.spec(tasks)).perform()
        #expect(outcome.endings.map(\.outcome) == [.succeeded, .succeeded, .succeeded])
        #expect(told.withLock { $0.map(\.endpoint) } == [endpoint.dockerHost])
        #expect(engine.endpoint == endpoint)
    }

    @Test func whichTasksNeedOne() {
        let server = LabHTTPCheck(url: "http://127.0.0.1:1/ping", status: 200, server: "s")
        let plain = LabHTTPCheck(url: "http://127.0.0.1:1/ping", status: 200)
        let file = LabCheckSubject.file(path: "a", minimumBytes: 1, sha256: nil)
        #expect(!Mini.task("1.1", .read(LabReadAction()), checks: [file, .http(plain)]).needsEngine)
        #expect(Mini.task("1.1", .read(LabReadAction()), checks: [file, .http(server)]).needsEngine)
        #expect(Mini.task("1.1", .read(LabReadAction()), checks: [.image(reference: "i")]).needsEngine)
        #expect(Mini.task("1.1", .containers(LabContainersAction())).needsEngine)
        let spec = Mini.spec([Mini.task("1.1", .facts(LabFactsAction([.engine]))), Mini.task("1.2", needs: ["1.1"]), Mini.task("1.3")])
        #expect(spec.needsEngine(["1.2"]))
        #expect(!spec.needsEngine(["1.3"]))
    }

    @Test func theCommandsOfFactsAreTheirs() async throws {
        let home = try TemporaryDirectory()
        let equivalent = Equivalent(try await MiniRun.context(Mini.spec([]), home: home.path))
        #expect(equivalent.commands(of: .facts(LabFactsAction([.engine, .network]))) == ["docker info"])
        #expect(equivalent.commands(of: .facts(LabFactsAction([.processors, .memory]))) == ["nproc", "free -h"])
    }
}
