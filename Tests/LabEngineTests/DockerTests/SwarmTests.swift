import FoundationEssentials
import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import HTTPTransport
@testable import LabEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// The requests about swarms, and how ailab reads the answers.
@Suite struct SwarmTests {
    private static func docker(_ answer: @escaping @Sendable (String) -> (Int, String)) async throws -> (DockerClient, ScriptedServer) {
        let server = try ScriptedServer { request, connection in
            let (status, body) = request.target == "/_ping" ? (200, "OK") : answer(request.target)
            try connection.respond(status, ["Api-Version": "1.41", "Server": "Docker/20.10.24 (linux)"], body: body)
        }
        return (try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: server.endpoint), server)
    }

    @Test(arguments: [
        ("{}", SwarmMembership.none), (#"{"Swarm":{"LocalNodeState":"inactive"}}"#, .none),
        (#"{"Swarm":{"LocalNodeState":"active","ControlAvailable":false}}"#, .worker),
        (#"{"Swarm":{"LocalNodeState":"locked"}}"#, .unusable("locked")),
    ])
    func anEngineSaysWhatItIs(info: String, membership: SwarmMembership) async throws {
        let (docker, server) = try await Self.docker { _ in (200, info) }
        #expect(try await docker.swarmMembership() == membership)
        withExtendedLifetime(server) {}
    }

    @Test func anEngineThatIsJoiningGetsTime() async throws {
        let looks = Locked(0)
        let (docker, server) = try await Self.docker { _ in
            let isFirst = looks.withLock { looks in
                looks += 1
                return looks == 1
            }
            return (200, #"{"Swarm":{"LocalNodeState":"\#(isFirst ? "pending" : "active")","ControlAvailable":false}}"#)
        }
        #expect(try await docker.swarmMembership() == .worker)
        withExtendedLifetime(server) {}
    }

    @Test func aManagerSaysWhoseItsSwarmIs() async throws {
        let (docker, server) = try await Self.docker { target in
            target.hasSuffix("/swarm")
                ? (200, #"{"ID":"s","Spec":{"Labels":{"a":"b"}}}"#)
                : (200, #"{"Swarm":{"LocalNodeState":"active","ControlAvailable":true}}"#)
        }
        guard case .manager(let swarm) = try await docker.swarmMembership() else { throw Failure() }
        #expect(swarm.id == "s" && swarm.labels == ["a": "b"])
        withExtendedLifetime(server) {}
    }

    /// The states of tasks and updates decide, not their messages.
    @Test func tasksAndUpdatesAreReadByTheirStates() async throws {
        let states = ["pending", "starting", "running", "rejected", "failed", "shutdown"]
        let tasks = states.map { #"{"ID":"\#($0)","DesiredState":"running","Status":{"State":"\#($0)","Err":"why"}}"# }
        let (docker, server) = try await Self.docker { target in
            target.contains("/tasks")
                ? (200, "[\(tasks.joined(separator: ","))]")
                : (
                    200,
                    #"{"ID":"i","Version":{"Index":7},"Spec":{"Name":"n"},"UpdateStatus":{"State":"rollback_completed","Message":"m"}}"#
                )
        }
        #expect(try await docker.tasks(of: "n").map(\.state) == [.starting, .starting, .running, .rejected, .ended, .ended])
        let service = try await docker.service("n")
        #expect(service.version == 7 && service.update == .failed("rollback_completed: m"))
        withExtendedLifetime(server) {}
    }

    @Test func anUpdateNamesTheVersionThatItChanges() async throws {
        let (docker, server) = try await Self.docker { target in
            target.contains("/update") ? (200, "{}") : (200, #"{"ID":"i","Version":{"Index":41},"Spec":{"Name":"n"}}"#)
        }
        try await docker.updateService("i", Self.config(checked: true))
        #expect(server.requests.last?.target == "/v1.41/services/i/update?version=41")
    }

    private static func config(checked: Bool) -> ServiceConfig {
        var container = ContainerConfig(image: "sha256:1", command: ["serve"])
        container.environment = ["A": "b"]
        container.cpus = 1.5
        let health = ServiceConfig.HealthCheck(
            command: ["ask"], interval: .seconds(2), timeout: .milliseconds(500), retries: 3, start: .seconds(60))
        return ServiceConfig(
            name: "n", container: container, replicas: 2, network: "net", health: checked ? health : nil, labels: ["own": "yes"])
    }

    @Test func aServiceIsDescribedInTheEnginesWordsAndUnits() throws {
        let body = try DockerClient.jsonText(Self.config(checked: true).wire)
        #expect(
            body.contains(#""Test":["CMD","ask"]"#) && body.contains(#""Interval":2000000000"#) && body.contains(#""Timeout":500000000"#))
        #expect(body.contains(#""Args":["serve"]"#) && body.contains(#""NanoCPUs":1500000000"#) && body.contains(#""Replicas":2"#))
        #expect(body.contains(#""Mode":"dnsrr""#) && body.contains(#""Order":"start-first""#))
        var pinned = Self.config(checked: true)
        pinned.node = "n1"
        #expect(try DockerClient.jsonText(pinned.wire).contains(#""Constraints":["node.id==n1"]"#))
        #expect(!body.contains("Placement"))
        let unchecked = try DockerClient.jsonText(Self.config(checked: false).wire)
        #expect(unchecked.contains(#""Healthcheck":{"Test":["NONE"]}"#), "an image's own check must not count either")
    }

    @Test func itsCommandIsWhatAStudentWouldType() {
        let words = DockerCommand.createService(Self.config(checked: true))
        #expect(
            ShellWord.line(words)
                == "docker service create --name n --network net --replicas 2 --endpoint-mode dnsrr --update-order start-first "
                + "--no-resolve-image --health-cmd ask --health-interval 2s --health-start-period 60s --env A=b --limit-cpu 1.5 sha256:1 serve"
        )
        #expect(DockerCommand.createService(Self.config(checked: false)).contains("--no-healthcheck"))
    }

    @Test func aTakenNameIsKnownByItsStatus() {
        let error = DockerError(operation: .service("n", verb: "create"), status: 409, message: "in words that change")
        #expect(LabError(error).code == .swarmNameTaken)
    }

    @Test func podmanHasNoSwarmsAndTheTaskIsNeverDone() async throws {
        let ping = PingInfo(server: "Libpod/5.4.2 (linux)", libpodVersion: "5.4.2")
        let podman = DockerClient(http: CurlHTTPClient.shared, endpoint: .unix(path: "/nonexistent.sock"), ping: ping)
        let outcome = try await MiniRun(podman, [Mini.task("1.1", .cluster(Self.cluster()))]).perform()
        #expect(outcome.ending("1.1")?.outcome == .unavailable && outcome.ending("1.1")?.error?.code == .swarmUnavailable)
    }

    private static func cluster() -> LabClusterAction {
        let container = LabContainer(image: "i", name: "c", ports: [LabPort(host: "1", container: 1)])
        return LabClusterAction(
            begin: "swarm", network: "n", service: container, replicas: 2, ready: ["ask"], start: 1, update: [:], entry: container,
            model: "m", rate: "1", seconds: "1", cases: [], results: "r.json")
    }

    /// Even `--fix --yes` must not begin a swarm.
    @Test func onlyAPersonAllowsASwarm() async throws {
        let (docker, server) = try await Self.docker { _ in (200, #"{"Swarm":{"LocalNodeState":"inactive"}}"#) }
        let outcome = try await MiniRun(docker, [Mini.task("1.1", .cluster(Self.cluster()))]).perform()
        #expect(outcome.ending("1.1")?.outcome == .waiting && outcome.ending("1.1")?.error?.code == .swarmNotAllowed)
        let findings = outcome.payloads("1.1").compactMap { if case .finding(let finding) = $0 { finding } else { nil } }
        let remedy = try #require(findings.first?.remedies.first)
        #expect(!remedy.isOwn)
        #expect(await RemedyPlanner(docker: nil) { true }.plan(remedy, cause: "c").mustAsk)
        #expect(!server.requests.contains { $0.target.hasSuffix("/swarm/init") })
    }

    /// Somebody else's swarm needs the same word, and one with several nodes isn't used at all.
    @Test(arguments: [(1, "no", TaskFinished.Outcome.waiting, LabError.Code.swarmNotAllowed), (2, "yes", .unavailable, .swarmUnavailable)])
    func othersSwarmsAreNotUsedUnasked(nodes: Int, word: String, outcome: TaskFinished.Outcome, code: LabError.Code) async throws {
        let (docker, server) = try await Self.docker { target in
            if target.hasSuffix("/nodes") { return (200, "[\(Array(repeating: #"{"ID":"n"}"#, count: nodes).joined(separator: ","))]") }
            if target.hasSuffix("/swarm") { return (200, #"{"ID":"s","Spec":{"Labels":{}}}"#) }
            return (200, #"{"Swarm":{"LocalNodeState":"active","ControlAvailable":true}}"#)
        }
        let variables = [LabVariable(name: "swarm", text: Text(verbatim: "May begin"), value: word)]
        let spec = Mini.spec([Mini.task("1.1", .cluster(Self.cluster()))], variables: variables)
        let ending = try await MiniRun(docker, spec).perform().ending("1.1")
        #expect(ending?.outcome == outcome && ending?.error?.code == code)
        #expect(!server.requests.contains { $0.target.contains("/services") })
    }

    /// An engine whose swarm has no leader answers 503.
    @Test func aSwarmWithoutALeaderDoesNotKeepCleaningFromTheRest() async throws {
        let (docker, server) = try await Self.docker { target in
            if target.hasSuffix("/info") { return (200, #"{"Swarm":{"LocalNodeState":"active","ControlAvailable":true}}"#) }
            if target.hasSuffix("/swarm") { return (503, #"{"message":"no leader"}"#) }
            return (200, target.contains("/networks") ? #"[{"Id":"i","Name":"n","Driver":"bridge","Labels":{}}]"# : "[]")
        }
        let workspace = try MiniRun(docker, []).workspace
        let found = try await WorkspaceObjects(docker, workspace).look()
        #expect(found.objects.map(\.kind) == [.network])
        #expect(found.unseen?.code == .swarmUnavailable && found.unseen?.cause == "no leader")
        withExtendedLifetime(server) {}
    }

    @Test func anEngineThatDoesNotDescribeItselfSaysNothingOfASwarm() async throws {
        let (docker, server) = try await Self.docker { target in target.hasSuffix("/info") ? (500, #"{"message":"broken"}"#) : (200, "[]") }
        let error = await #expect(throws: DockerError.self) { try await WorkspaceObjects(docker, MiniRun(docker, []).workspace).look() }
        #expect(error?.status == 500 && error?.message == "broken")
        withExtendedLifetime(server) {}
    }

    @Test(arguments: [("locked", true), ("error", true), ("inactive", false)])
    func aSwarmThatCannotBeUsedMayHideServices(state: String, isUnseen: Bool) async throws {
        let (docker, server) = try await Self.docker { target in
            (200, target.hasSuffix("/info") ? #"{"Swarm":{"LocalNodeState":"\#(state)"}}"# : "[]")
        }
        let unseen = try await WorkspaceObjects(docker, MiniRun(docker, []).workspace).look().unseen
        #expect((unseen != nil) == isUnseen)
        #expect(unseen == nil || unseen?.message.en.contains(state) == true)
        // Ours may be there, so it doesn't count as gone.
        if isUnseen {
            let error = await #expect(throws: LabError.self) { try await OwnSwarm.find(docker, workspace: "w") }
            #expect(error?.code == .swarmUnavailable)
        }
        withExtendedLifetime(server) {}
    }

    /// Nobody could bring secrets back.
    @Test func aSwarmThatHoldsSecretsIsNotLeft() async throws {
        let (docker, server) = try await Self.docker { target in
            if target.hasSuffix("/info") { return (200, #"{"Swarm":{"LocalNodeState":"active","ControlAvailable":true}}"#) }
            if target.hasSuffix("/swarm") { return (200, #"{"ID":"s","Spec":{"Labels":{"\#(Label.workspace)":"w"}}}"#) }
            return (200, target.hasSuffix("/secrets") ? #"[{"ID":"secret"}]"# : "[]")
        }
        let own = try #require(try await OwnSwarm.find(docker, workspace: "w"))
        let error = await #expect(throws: LabError.self) { try await own.leave() }
        #expect(error?.code == .swarmUsed)
        #expect(!server.requests.contains { $0.target.contains("/swarm/leave") })
    }

    /// One rejected replica says little: its image may be gone, or the next one may run.
    @Test func onlyANodeThatRejectsAllReplicasCannotMakeThem() async throws {
        let told = Locked<[(slot: Int, state: String, error: String)]>([])
        let (docker, server) = try await Self.docker { _ in
            let tasks = told.withLock { $0 }.enumerated().map { index, task in
                #"{"ID":"\#(index)","Slot":\#(task.slot),"Status":{"State":"\#(task.state)","Err":"\#(task.error)"}}"#
            }
            return (200, "[\(tasks.joined(separator: ","))]")
        }
        func rejected(_ tasks: [(slot: Int, state: String, error: String)]) async throws -> ServiceTask? {
            told.withLock { $0 = tasks }
            return ServiceTask.rejected(in: try await docker.tasks(of: "s"), replicas: 2)
        }
        let once = [(slot: 1, state: "rejected", error: "e"), (slot: 2, state: "rejected", error: "e")]
        #expect(try await rejected(once) == nil)
        #expect(try await rejected(once + [once[0], once[0]]) == nil, "the other replica may run")
        #expect(try await rejected(once + once + [(slot: 2, state: "running", error: "")]) == nil)
        let network = try #require(try await rejected(once + once + [(slot: 1, state: "pending", error: "")]))
        #expect(!network.lacksItsFiles)
        let image = [
            (slot: 1, state: "rejected", error: "No such image: sha256:1"), (slot: 2, state: "rejected", error: "No such image: sha256:1"),
        ]
        #expect(try await rejected(image + image)?.lacksItsFiles == true)
        withExtendedLifetime(server) {}
    }

    private struct Failure: Error {}
}
