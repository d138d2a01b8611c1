import HostFacts
import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import LabEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Swarms on a real engine: when one begins, when it ends, and what a service loses. Each test leaves the engine in no swarm.
@Suite("Runner, real engine: swarms", .tags(.engine), .needsOfTags, .serialized, .timeLimit(.minutes(5)))
struct SwarmRealTests {
    private let task: TaskID = "1.1"

    /// Answers each request with a digit, two seconds after its start. When it's told to end, it finishes its answers first.
    private static let server = """
        cat >/answer <<'END'
        while read -r line; do
            line=$${line%?}; [ -n "$line" ] || break
            case $line in [Cc]ontent-[Ll]ength:*) length=$${line#*: } ;; esac
        done
        head -c "$length" >/dev/null
        printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 8\\r\\nConnection: close\\r\\n\\r\\n{"7": 1}'
        END
        trap 'sleep 1; exit' TERM
        sleep 2
        nc -ll -p 8080 -e /bin/sh /answer &
        touch /ready
        wait
        """

    private func cluster(_ engine: RealEngine, port: Int = 0) -> LabClusterAction {
        engine.removesAtEnd(container: "\(engine.id)-in")
        return LabClusterAction(
            begin: "swarm", network: "\(engine.id)-net",
            service: LabContainer(image: RealEngine.base, name: "\(engine.id)-s", command: ["/bin/sh", "-c", Self.server]), replicas: 2,
            ready: ["test", "-e", "/ready"], start: 60, update: ["RELEASE": "2"],
            entry: LabContainer(
                image: RealEngine.base, name: "\(engine.id)-in",
                command: ["nc", "-ll", "-p", "8000", "-e", "nc", "\(engine.id)-s", "8080"],
                ports: [LabPort(host: "\(port)", container: 8000)]),
            model: "digits", rate: "20", seconds: "1", cases: [LabPredictionCase(picture: "seven.png", expected: ["7"])],
            results: "results/cluster.json")
    }

    private func mini(_ engine: RealEngine, port: Int = 0, allows: String) throws -> MiniRun {
        let lab = try TemporaryDirectory()
        try lab.write("7", to: "seven.png")
        let zero = LabCheckSubject.json(
            path: "results/cluster.json", pointer: "/lost_update", match: LabMatch(pattern: "^(0)$", capture: "lost"))
        // The folder lives as long as the test.
        engine.atEnd { _ = lab }
        return try MiniRun(
            engine.docker,
            Mini.spec(
                [Mini.task(task, .cluster(cluster(engine, port: port)), checks: [zero])], directory: lab.path,
                variables: [LabVariable(name: "swarm", text: Text(verbatim: "May begin"), value: allows)]))
    }

    /// An engine in no swarm, also afterwards.
    private func with(_ name: String, _ body: (RealEngine) async throws -> Void) async throws {
        try await RealEngine.with(name) { engine in
            try #require(try await engine.docker.swarmMembership() == .none, "these tests need an engine that is in no swarm")
            let bridges = try await bridges(engine.docker)
            engine.atEnd { [docker = engine.docker] in
                if try await docker.swarmMembership() != .none { try await docker.leaveSwarm() }
                for bridge in try await self.bridges(docker) where !bridges.contains(bridge) { try await docker.removeNetwork(bridge) }
            }
            try await body(engine)
        }
    }

    /// The network that an engine makes for a swarm.
    private func bridges(_ docker: DockerClient) async throws -> [String] {
        try await docker.networks().filter { $0.name == "docker_gwbridge" }.map(\.id)
    }

    private func isEmpty(_ engine: RealEngine) async throws -> Bool {
        let containers = try await engine.docker.listContainers(all: true).flatMap(\.names).filter { $0.hasPrefix(engine.id) }
        let networks = try await engine.docker.networks().filter { $0.name.hasPrefix(engine.id) }
        return containers.isEmpty && networks.isEmpty
    }

    @Test("A rolling update loses no request with a health check, and some without, and nothing is left") func aService() async throws {
        try await with("service") { engine in
            let bridges = try await bridges(engine.docker)
            let outcome = try await mini(engine, port: try #require(FreePort.suggested(insteadOf: 28_190)), allows: "yes").perform()
            let ending = try #require(outcome.ending(task))
            #expect(ending.outcome == .succeeded, "\(String(describing: ending.error)) \(outcome.output(task))")
            let tables = outcome.payloads(task).compactMap { if case .fact(let fact) = $0 { fact.table } else { nil } }
            let rows = try #require(tables.last?.rows)
            #expect(rows.count == 4)
            #expect(rows[0][2].number == 0 && rows[1][2].number == 0, "with the health check")
            #expect(rows[3][2].number ?? 0 > 0, "without it: otherwise the zero above proves nothing")
            #expect(rows.map { $0[3].number } == [0, 2, 1, 2], "new replicas")
            #expect(try await engine.docker.swarmMembership() == .none)
            #expect(try await isEmpty(engine))
            #expect(try await self.bridges(engine.docker) == bridges)
        }
    }

    @Test("Without the student's word, no swarm begins, and a run that can't ask says how to allow it") func noConsent() async throws {
        try await with("word") { engine in
            var mini = try mini(engine, allows: "no")
            let asked = try await mini.perform()
            #expect(asked.ending(task)?.outcome == .waiting)
            #expect(asked.ending(task)?.error?.code == .swarmNotAllowed)
            let findings = asked.payloads(task).compactMap { if case .finding(let finding) = $0 { finding } else { nil } }
            let remedies = findings.flatMap(\.remedies)
            #expect(remedies.first?.retry?.set == ["swarm": "yes"] && remedies.first?.isRunnable == true)
            mini.options.auto = true
            let unattended = try await mini.perform()
            #expect(unattended.ending(task)?.outcome == .unavailable)
            #expect(unattended.ending(task)?.error?.hint?.en.contains("--set swarm=yes") == true)
            #expect(try await engine.docker.swarmMembership() == .none)
        }
    }

    @Test("What a run that was killed left is found and ended by cleaning") func aKilledRun() async throws {
        try await with("killed") { engine in
            let mini = try mini(engine, allows: "yes")
            let labels = [Label.workspace: mini.workspace.id, Label.lab: "mini", Label.task: "1.1"]
            try await OwnSwarm.begin(engine.docker, labels: labels)
            try await engine.docker.createNetwork("\(engine.id)-net", labels: labels, overlay: true)
            var container = ContainerConfig(image: RealEngine.base, command: ["sleep", "600"])
            container.labels = labels
            _ = try await engine.docker.createService(
                ServiceConfig(
                    name: "\(engine.id)-s", container: container, replicas: 1, network: "\(engine.id)-net", health: nil, labels: labels))
            let objects = WorkspaceObjects(engine.docker, mini.workspace)
            let all = try await objects.list()
            #expect(all.map(\.kind) == [.service, .network, .swarm])
            #expect(try await objects.list(of: (lab: "mini", ids: [task])).map(\.kind) == [.service, .network, .swarm])
            #expect(try await objects.list(of: (lab: "mini", ids: ["1.2"])) == [])
            #expect(try await objects.remove(all).map(\.reason.description) == [])
            #expect(try await engine.docker.swarmMembership() == .none)
            #expect(try await isEmpty(engine))
        }
    }

    @Test("Somebody else's swarm is never left, and neither is our own if somebody uses it") func othersSwarms() async throws {
        try await with("others") { engine in
            let mini = try mini(engine, allows: "yes")
            try await engine.docker.beginSwarm(labels: [:])
            #expect(try await OwnSwarm.find(engine.docker, workspace: mini.workspace.id) == nil)
            #expect(try await WorkspaceObjects(engine.docker, mini.workspace).list() == [])
            try await engine.docker.leaveSwarm()
            try await OwnSwarm.begin(engine.docker, labels: [Label.workspace: mini.workspace.id])
            try await engine.docker.createNetwork("\(engine.id)-theirs", labels: [:], overlay: true)
            let own = try #require(try await OwnSwarm.find(engine.docker, workspace: mini.workspace.id))
            let error = await #expect(throws: LabError.self) { try await own.leave() }
            #expect(error?.code == .swarmUsed)
            #expect(try await engine.docker.swarmMembership() != .none)
        }
    }
}
