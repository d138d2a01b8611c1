import TestSupport
import Testing

@testable import ContainerEngine
@testable import LabEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Groups of containers and experiments in them, on a real engine.
@Suite("Runner, real engine: groups", .tags(.engine), .needsOfTags, .timeLimit(.minutes(5)))
struct GroupRealTests {
    private static func shell(_ engine: RealEngine, _ name: String, _ script: String) -> LabContainer {
        let container = LabContainer(image: RealEngine.base, name: "\(engine.id)-\(name)", command: ["/bin/sh", "-c", script])
        engine.removesAtEnd(container: container.name)
        return container
    }

    /// A group of one container that is ready after a moment, and others.
    private func group(_ engine: RealEngine, count: Int = 2) -> LabGroupAction {
        let head = Self.shell(engine, "head", "sleep 1; touch /ready; sleep 600")
        let member = LabContainer(image: RealEngine.base, name: "\(engine.id)-m", command: ["sleep", "600"])
        for number in 1...2 { engine.removesAtEnd(container: "\(member.name)-\(number)") }
        return LabGroupAction(
            network: "\(engine.id)-net",
            members: [.init(container: head, host: "head"), .init(container: member, host: "m", count: "\(count)")])
    }

    private func removeNetwork(_ engine: RealEngine) {
        engine.atEnd { [docker = engine.docker, id = engine.id] in
            for network in try await docker.networks() where network.name == "\(id)-net" { try await docker.removeNetwork(network.id) }
        }
    }

    @Test("Its containers find each other, a check waits for them, and cleaning leaves nothing") func aGroup() async throws {
        try await RealEngine.with("group") { engine in
            removeNetwork(engine)
            let group = group(engine)
            let head = "\(engine.id)-head"
            func check(_ command: [String], _ pattern: String, within: Int?) -> LabCheckSubject {
                .command(LabCommandCheck(container: head, command: command, match: LabMatch(pattern: pattern), within: within))
            }
            let mini = try MiniRun(
                engine.docker,
                [
                    Mini.task(
                        "1.1", .group(group),
                        checks: [
                            check(["ls", "/ready"], "^/ready$", within: 120),
                            check(["ping", "-c", "1", "m2"], "PING m2 \\(([0-9.]+)\\)", within: 60),
                            check(["hostname"], "^head$", within: nil),
                        ])
                ])
            let outcome = try await mini.perform()
            #expect(outcome.ending("1.1")?.outcome == .succeeded, "\(outcome.checks("1.1"))")
            let again = try await mini.perform()
            #expect(again.ending("1.1")?.outcome == .satisfied)
            // A look doesn't wait: it says how things are.
            try await engine.docker.stopContainer(head, grace: .zero)
            let look = try await mini.perform()
            #expect(look.checks("1.1").isEmpty == false)
            let objects = WorkspaceObjects(engine.docker, mini.workspace)
            let all = try await objects.list()
            #expect(all.filter { $0.kind == .network }.map(\.name) == ["\(engine.id)-net"])
            #expect(all.filter { $0.kind == .container }.count == 3)
            #expect(try await objects.remove(all.filter { $0.kind != .image }).isEmpty)
            #expect(try await engine.docker.networks().contains { $0.name == "\(engine.id)-net" } == false)
        }
    }

    @Test("A smaller group leaves nothing of the larger one, and leaves a student's container alone") func aSmallerGroup() async throws {
        try await RealEngine.with("smaller") { engine in
            removeNetwork(engine)
            let mini = try MiniRun(engine.docker, [Mini.task("1.1", .group(group(engine)))])
            #expect(try await mini.perform().ending("1.1")?.outcome == .succeeded)
            // The labels are those of a member, as a container has them that a student starts from a commit of one.
            let member = try await engine.docker.inspectContainer("\(engine.id)-m-2")
            let labels = (member.config.labels ?? [:]).merging([Label.container: "other"]) { _, other in other }
            let student = "\(engine.id)-student"
            engine.removesAtEnd(container: student)
            var config = ContainerConfig(image: RealEngine.base)
            config.labels = labels
            _ = try await engine.docker.createContainer(config, name: student)
            var smaller = mini
            smaller.spec = Mini.spec([Mini.task("1.1", .group(group(engine, count: 1)))])
            #expect(try await smaller.perform().ending("1.1")?.outcome == .succeeded)
            let left = try await engine.docker.listContainers(all: true).flatMap(\.names).filter { $0.hasPrefix(engine.id) }
            #expect(left.sorted() == ["head", "m-1", "student"].map { "\(engine.id)-\($0)" })
        }
    }

    @Test("Somebody else's network isn't used") func aTakenName() async throws {
        try await RealEngine.with("taken") { engine in
            removeNetwork(engine)
            try await engine.docker.createNetwork("\(engine.id)-net", labels: engine.labels)
            let mini = try MiniRun(engine.docker, [Mini.task("1.1", .group(group(engine)))])
            let outcome = try await mini.perform()
            #expect(outcome.ending("1.1")?.error?.code == .networkNameTaken)
            #expect(try await WorkspaceObjects(engine.docker, mini.workspace).list() == [])
        }
    }

    @Test("An experiment makes a table of the rows that its command prints") func anExperiment() async throws {
        try await RealEngine.with("rows") { engine in
            removeNetwork(engine)
            let rows = """
                echo '@ailab {"row":{"job":"a","n":2,"more":1}}'; echo chatter; echo '@ailab {"row":{"job":{"en":"b","zh":"乙"}}}'
                """
            func experiment(_ script: String) -> LabAction {
                .experiment(
                    LabExperimentAction(
                        container: "\(engine.id)-head", command: ["/bin/sh", "-c", script], timeout: 60,
                        title: Text(en: "Jobs", zh: "作业"),
                        columns: [
                            LabColumn("job", Text(en: "job", zh: "作业"), .text),
                            LabColumn("n", Text(en: "n", zh: "数"), .number),
                        ], results: "results/jobs.json"))
            }
            let group = Mini.task("1.1", .group(group(engine)))
            let seen = LabCheckSubject.json(
                path: "results/jobs.json", pointer: "/rows/1/job", match: LabMatch(pattern: "^(b)$", capture: "job"))
            let mini = try MiniRun(engine.docker, [group, Mini.task("1.2", experiment(rows), needs: ["1.1"], checks: [seen])])
            let outcome = try await mini.perform()
            #expect(outcome.ending("1.2")?.outcome == .succeeded, "\(String(describing: outcome.ending("1.2")?.error))")
            let tables = outcome.payloads("1.2").compactMap { if case .fact(let fact) = $0 { fact.table } else { nil } }
            let table = try #require(tables.last)
            #expect(table.lines(.zh) == [["作业", "数"], ["a", "2"], ["乙", "–"]])
            var failing = mini
            failing.spec = Mini.spec([group, Mini.task("1.2", experiment(rows + "; exit 3"), needs: ["1.1"], checks: [seen])])
            let failed = try await failing.perform()
            #expect(failed.ending("1.2")?.error?.exitCode == 3)
            #expect(failed.payloads("1.2").contains { if case .fact(let fact) = $0 { fact.table?.rows.count == 2 } else { false } })
        }
    }
}
