import TestSupport
import Testing

@testable import ContainerEngine
@testable import HTTPTransport
@testable import HostFacts
@testable import LabEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Base images, which workspaces of one engine share as long as they would make the same.
@Suite("Runner, real engine: shared images", .tags(.engine), .needsOfTags, .timeLimit(.minutes(3)))
struct SharedImageTests {
    private let base: TaskID = "1.1"
    private let build: TaskID = "1.2"

    /// A workspace with a base of that network's and an image built on it.
    private struct Side {
        let home: TemporaryDirectory
        let workspace: Workspace
        let context: RunContext
        let journal: RunFolder

        init(_ engine: RealEngine, _ spec: LabSpec, index: String?) throws {
            home = try TemporaryDirectory()
            workspace = try Workspace(root: home.path)
            journal = try workspace.makeRun()
            // Without this machine's own authorities and index there is nothing to lay over an image.
            let environment = [
                "USER": "joe", "HOME": home.path, "AILAB_CA_BUNDLE": "none", "AILAB_PYPI_INDEX": index ?? "https://pypi.org/simple",
            ]
            context = try RunContext(
                filling: spec, engine: RunEngine(engine.docker), http: CurlHTTPClient.shared, workspace: workspace, run: 1,
                options: RunOptions(), device: "cpu", environment: environment, journal: try JournalWriter(journal))
        }

        func perform(_ tasks: [TaskID]) async -> [Runner.Ending] {
            await Runner(context, progress: LabProgress()).perform(tasks)
        }

        func found(_ task: TaskID) async -> CheckResult? {
            guard let check = context.spec.task(task)?.checks.first else { return nil }
            return await CheckEvaluator(run: context).evaluate(check)
        }

        func reference(_ name: String) async throws -> String { try await context.reference(name) }

        var notices: [String] {
            JournalReader.events(of: journal).compactMap { if case .notice(let notice) = $0.payload { notice.code } else { nil } }
        }

        func clean(_ engine: RealEngine) async throws -> [String] {
            let objects = WorkspaceObjects(engine.docker, workspace)
            return try await objects.remove(try await objects.list()).map { "\($0.object.name): \($0.reason.message.en)" }
        }
    }

    private func spec(_ engine: RealEngine, _ lab: TemporaryDirectory, _ source: String) throws -> LabSpec {
        try lab.write("ARG BASE=scratch\nFROM $BASE\nRUN cat /etc/pip.conf > /seen || true\n", to: "ctx/Dockerfile")
        let image = LabImage(
            name: "base", tag: "\(engine.id):shared", text: Text(verbatim: ""), sources: [.pull(reference: source)], adapted: true)
        let action = LabBuildAction(
            tag: "\(engine.id):built", context: "ctx", dockerfile: "ctx/Dockerfile", arguments: ["BASE": "image:base"])
        return Mini.spec(
            [
                Mini.task(base, .image(LabImageAction(name: "base")), checks: [.image(reference: "image:base")]),
                Mini.task(build, .build(action), needs: [base], checks: [.image(reference: "\(engine.id):built")]),
            ], directory: lab.path, images: [image])
    }

    private func with(_ name: String, _ body: (RealEngine, (String?) throws -> Side) async throws -> Void) async throws {
        try await RealEngine.with(name) { engine in
            let lab = try TemporaryDirectory()
            let spec = try spec(engine, lab, try await engine.image())
            var sides: [Side] = []
            try await body(engine) { index in
                let side = try Side(engine, spec, index: index)
                sides.append(side)
                return side
            }
            // What stays of one is in use by the other.
            for side in sides + sides { _ = try await side.clean(engine) }
            engine.removesAtEnd(image: "\(engine.id):shared")
        }
    }

    @Test func theSameBaseServesBothAndStaysForTheOther() async throws {
        try await with("shared") { engine, side in
            let first = try side("http://mirror.test/simple")
            #expect(await first.perform([base, build]).map(\.outcome) == [.succeeded, .succeeded])
            let id = try await engine.docker.inspectImage("\(engine.id):shared").id
            let second = try side("http://mirror.test/simple")
            #expect(await second.found(base)?.standing == .passed)
            #expect(await second.found(base)?.found.en.contains("with the same content") == true)
            #expect(await second.perform([base, build]).map(\.outcome) == [.satisfied, .succeeded])
            #expect(try await engine.docker.inspectImage("\(engine.id):shared").id == id)
            let left = try await first.clean(engine)
            #expect(left.count == 1 && left.first?.contains("is built on it, which is another workspace's") == true, "\(left)")
            #expect(try await engine.docker.imageIfPresent("\(engine.id):shared")?.id == id)
            #expect(await second.found(base)?.standing == .passed)
            #expect(try await second.clean(engine) == [])
            let rest = try await first.clean(engine)
            #expect(rest == [], "\(rest)")
            #expect(try await engine.docker.imageIfPresent("\(engine.id):shared") == nil)
        }
    }

    @Test func aBaseOfAnotherContentIsMadeBesideIt() async throws {
        try await with("other-base") { engine, side in
            let first = try side("http://one.test/simple")
            #expect(await first.perform([base]).map(\.outcome) == [.succeeded])
            let id = try await engine.docker.inspectImage("\(engine.id):shared").id
            let second = try side("http://two.test/simple")
            #expect(await second.found(base)?.standing == .failed)
            #expect(await second.perform([base, build]).map(\.outcome) == [.succeeded, .succeeded])
            #expect(second.notices.filter { $0 == "image.nameTaken" } == ["image.nameTaken"])
            #expect(try await engine.docker.inspectImage("\(engine.id):shared").id == id)
            let own = Label.ownTag("\(engine.id):shared", workspace: second.workspace.id)
            #expect(try await second.reference("image:base") == own)
            #expect(try await first.reference("image:base") == "\(engine.id):shared")
            let container = try await engine.container(["cat", "/seen"]) { $0.image = "\(engine.id):built" }
            try await engine.docker.startContainer(container)
            _ = try await engine.docker.wait(container)
            var text = Transcript()
            for try await chunk in try await engine.docker.logs(container) { _ = text.take(chunk.bytes, .stdout) }
            #expect(text.text.contains("two.test"))
            try await engine.docker.removeContainer(container, force: true)
        }
    }

    @Test func aPulledImageThatNeedsNothingLaidOverItIsOnlyNamed() async throws {
        try await with("named") { engine, side in
            let first = try side("http://one.test/simple")
            #expect(await first.perform([base]).map(\.outcome) == [.succeeded])
            let id = try await engine.docker.inspectImage("\(engine.id):shared").id
            let second = try side(nil)
            #expect(second.context.network.pypiIndex == nil)
            #expect(await second.perform([base]).map(\.outcome) == [.succeeded])
            #expect(try await engine.docker.inspectImage("\(engine.id):shared").id == id)
            let own = Label.ownTag("\(engine.id):shared", workspace: second.workspace.id)
            #expect(try await second.reference("image:base") == own)
            #expect(try await second.clean(engine) == [])
            #expect(try await engine.docker.imageIfPresent(own) == nil)
            #expect(try await engine.docker.imageIfPresent("\(engine.id):base") != nil)
        }
    }
}
