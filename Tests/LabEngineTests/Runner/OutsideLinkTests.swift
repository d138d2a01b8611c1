import Glibc
import TestSupport
import Testing

@testable import ContainerEngine
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Links that a lab brings or that a container leaves in the student's folder, and that lead to other places of the machine.
@Suite("Runner: links that lead out", .timeLimit(.minutes(2)))
struct OutsideLinkTests {
    private let task: TaskID = "1.1"
    private let lab: TemporaryDirectory
    private let victim: TemporaryDirectory

    init() throws {
        lab = try TemporaryDirectory()
        victim = try TemporaryDirectory()
        try victim.write("secret", to: "shadow")
        try lab.link("rootlink", to: victim.path)
        try lab.link("picture.png", to: victim.path + "/shadow")
        try lab.write("FROM i\n", to: "Dockerfile")
    }

    /// An engine with the image `i`, which makes and runs any container.
    private func engine() throws -> ScriptedServer {
        try ScriptedServer { request, connection in
            _ = try connection.readBody()
            let details = #"{"Id":"c1","Name":"/c","Image":"sha256:1","Config":{},"HostConfig":{},"State":{"Status":"running"}}"#
            switch "\(request.method) \(request.target.split(separator: "?")[0].split(separator: "/").dropFirst().joined(separator: "/"))" {
            case "POST containers/create": try connection.respond(201, body: #"{"Id":"c1"}"#)
            case "POST containers/c1/start", "POST containers/c1/stop": try connection.respond(204)
            case "POST containers/c1/wait": try connection.respond(200, body: #"{"StatusCode":0}"#)
            case "GET containers/c1/logs": try connection.respond(200, body: "")
            case "GET containers/c1/json": try connection.respond(200, body: details)
            case "GET images/i/json": try connection.respond(200, body: #"{"Id":"sha256:1","Config":{}}"#)
            default: try connection.respond(404, body: #"{"message":"no such thing"}"#)
            }
        }
    }

    private func mini(_ server: ScriptedServer, _ action: LabAction, checks: [LabCheckSubject] = []) throws -> MiniRun {
        let docker = DockerClient(
            http: CurlHTTPClient.shared, endpoint: server.endpoint, ping: PingInfo(apiVersion: APIVersion(major: 1, minor: 41)))
        return try MiniRun(docker, Mini.spec([Mini.task(task, action, checks: checks)], directory: lab.path))
    }

    /// What the student's folder has: a link that a container left, and a folder.
    private func plant(_ mini: MiniRun) throws -> String {
        let files = mini.workspace.files(lab: "mini")
        try Files.makeDirectory(files + "/w")
        #expect(symlink(victim.path, files + "/w/evil") == 0)
        return files
    }

    private static func container(_ source: LabMount.Source) -> LabAction {
        .run(LabRunAction(LabContainer(image: "i", name: "c", mounts: [LabMount(source: source, target: "/host")])))
    }

    @Test(
        "A mount that leads out is refused before the engine is asked for a container",
        arguments: [
            LabMount.Source.workspace("w/evil"), .workspace("w/evil/deeper"), .lab("rootlink"), .workspace("../../x"), .lab("/etc"),
        ])
    func mount(source: LabMount.Source) async throws {
        let server = try engine()
        let mini = try mini(server, Self.container(source))
        _ = try plant(mini)
        let error = try #require(try await mini.perform().ending(task)?.error)
        #expect(error.code == .fileOutside)
        #expect(!server.requests.contains { $0.target.contains("/create") })
        #expect(Files.names(in: victim.path) == ["shadow"])
    }

    @Test("A mount of a folder, and of a link that stays inside, works; the engine gets the folder itself")
    func goodMount() async throws {
        let server = try engine()
        let mini = try mini(server, Self.container(.workspace("link")))
        let files = try plant(mini)
        #expect(symlink("w", files + "/link") == 0)
        #expect(try await mini.perform().ending(task)?.outcome == .succeeded)
        let context = try mini.context(run: 9, journal: .discarding())
        let mounts = try context.realMounts(
            LabContainer(image: "i", name: "c", mounts: [LabMount(source: .workspace("link"), target: "/x")]))
        #expect(mounts.map(\.source) == [files + "/w"])
    }

    @Test("Copies, downloads, checks and builds follow no link out, and write nothing there")
    func otherActions() async throws {
        let server = try engine()
        let actions: [LabAction] = [
            .copy(LabCopyAction(direction: .into, container: "c1", inside: "/tmp", outside: "w/evil/shadow")),
            .copy(LabCopyAction(direction: .out, container: "c1", inside: "/tmp", outside: "w/evil/new")),
            .fetch(LabFetchAction(files: [LabFetchFile(path: "w/evil/f", sha256: "00", urls: ["http://127.0.0.1:1/"])])),
            .file(LabFileAction(path: "w/evil/f", template: Text(verbatim: "Dockerfile"), reference: "Dockerfile")),
            .file(LabFileAction(path: "f", template: Text(verbatim: "rootlink/shadow"), reference: "Dockerfile")),
            .build(LabBuildAction(tag: "t", context: "rootlink", dockerfile: "Dockerfile")),
            .build(LabBuildAction(tag: "t", context: ".", dockerfile: "picture.png")),
            .build(LabBuildAction(tag: "t", context: ".", dockerfile: "Dockerfile", student: "w/evil/shadow")),
        ]
        for action in actions {
            let mini = try mini(server, action)
            _ = try plant(mini)
            let ending = try #require(try await mini.perform().ending(task))
            #expect(ending.error?.code == .fileOutside, "\(action)")
        }
        let checked = try mini(server, .facts(LabFactsAction([])), checks: [.file(path: "w/evil/shadow", minimumBytes: 1, sha256: nil)])
        _ = try plant(checked)
        #expect(try await checked.perform().checks(task).map(\.standing) == [.failed])
        #expect(Files.names(in: victim.path) == ["shadow"])
    }

    @Test("A folder too large to compare is an error, not minutes of hashing")
    func tooLarge() async throws {
        try lab.write("", to: "big/huge")
        truncate(lab.path + "/big/huge", 1 << 42)
        let server = try engine()
        let error = try #require(try await mini(server, Self.container(.lab("big"))).perform().ending(task)?.error)
        #expect(error.code == .fileFolderTooLarge)
        #expect(LabDigest.hex(of: lab.path + "/x.yaml", lab.path) == nil)
    }

    @Test("A run that is cancelled while it hashes ends at once, and calls nothing changed")
    func cancelledHash() async throws {
        try lab.write("", to: "big/huge")
        truncate(lab.path + "/big/huge", 3 << 30)
        let server = try engine()
        let outcome = try await mini(server, Self.container(.lab("big"))).perform { _, cancel in cancel() }
        #expect(outcome.endings.map(\.outcome) == [.cancelled])
        #expect(!outcome.events.contains { if case .looked = $0.payload { true } else { false } })
    }

    @Test("A pattern that would match for years is given up, and cancelled at once")
    func slowPattern() async throws {
        let text = String(repeating: "a", count: 60)
        let error = await #expect(throws: LabError.self) { try await CheckEvaluator.apply("(a+)+b", to: text) }
        #expect(error?.code == .labPatternSlow)
        // Its thread can't be ended, so there won't be a second one beside it.
        let again = await #expect(throws: LabError.self) { try await CheckEvaluator.apply("(a+)+b", to: "aab") }
        #expect(again == error)
        let work = Task { try await CheckEvaluator.apply("(a+)+c", to: text) }
        work.cancel()
        await #expect(throws: CancellationError.self) { _ = try await work.value }
        guard case .match(_, "7")? = try? await CheckEvaluator.apply("a (\\d)", to: "a 1\na 7\n") else { throw HangUp() }
    }

    @Test("A journal that disappears ends the run with that reason")
    func workspaceRemoved() async throws {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path + "/home")
        let journal = try JournalWriter(try workspace.makeRun())
        journal.checkPresence()
        #expect(journal.failure == nil)
        try PathBelow("home", in: home.path).remove()
        journal.checkPresence()
        #expect(journal.failure?.code == .workspaceGone)
        #expect(journal.failure?.exitStatus == 3)
    }
}
