import TestSupport

@testable import ContainerEngine
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner

/// Runs of a small lab in this process, in a workspace of their own.
struct MiniRun: Sendable {
    let home: TemporaryDirectory
    let workspace: Workspace
    let engine: RunEngine
    var spec: LabSpec
    var options = RunOptions()

    /// What a run left in its journal, and how its tasks ended.
    struct Outcome: Sendable {
        var run: Int
        var endings: [Runner.Ending]
        var events: [Event]
        var folder: RunFolder
        /// Keeps the folder.
        var home: TemporaryDirectory

        func ending(_ task: TaskID) -> Runner.Ending? { endings.first { $0.task == task } }

        func payloads(_ task: TaskID) -> [EventPayload] { events.filter { $0.task == task }.map(\.payload) }

        func checks(_ task: TaskID) -> [CheckResult] {
            payloads(task).compactMap { if case .check(let check) = $0 { check } else { nil } }
        }

        /// The raw bytes that a task printed, as text.
        func output(_ task: TaskID) -> String {
            payloads(task).map {
                if case .output(let output) = $0 { String(decoding: output.bytes(in: folder), as: UTF8.self) } else { "" }
            }
            .joined()
        }
    }

    init(_ docker: DockerClient, _ tasks: [LabTask]) throws { try self.init(docker, Mini.spec(tasks)) }

    init(_ docker: DockerClient, _ spec: LabSpec) throws { try self.init(RunEngine(docker), spec) }

    init(_ engine: RunEngine, _ spec: LabSpec) throws {
        home = try TemporaryDirectory()
        workspace = try Workspace(root: home.path)
        self.engine = engine
        self.spec = spec
    }

    /// A context without an engine, for what only reads.
    static func context(_ spec: LabSpec, home: String, options: RunOptions = RunOptions()) async throws -> RunContext {
        let docker = DockerClient(http: CurlHTTPClient.shared, endpoint: .unix(path: "/nonexistent.sock"), ping: PingInfo())
        return try RunContext(
            filling: spec, engine: RunEngine(docker), http: docker.http, workspace: Workspace(root: home), run: 1, options: options,
            device: "cpu", environment: ["USER": "joe"], journal: .discarding())
    }

    func progress(before run: Int? = nil) -> LabProgress { LabProgress(workspace, spec, before: run) }

    func context(run: Int, journal: JournalWriter) throws -> RunContext {
        try RunContext(
            filling: spec, engine: engine, http: CurlHTTPClient.shared, workspace: workspace, run: run, options: options, device: "cpu",
            environment: ["USER": "joe"], journal: journal)
    }

    /// Carries out the tasks, all of them where none is named. `meanwhile` gets a journal reader and what cancels the run.
    func perform(
        _ tasks: [TaskID]? = nil, meanwhile: (@Sendable (RunFolder, @Sendable () -> Void) async throws -> Void)? = nil
    ) async throws -> Outcome {
        let folder = try workspace.makeRun()
        let journal = try JournalWriter(folder)
        journal.append(Mini.started(run: folder.number, options: options))
        let runner = Runner(try context(run: folder.number, journal: journal), progress: progress(before: folder.number))
        let work = Task { [spec] in await runner.perform(tasks ?? spec.tasks.map(\.id)) }
        do { try await meanwhile?(folder) { work.cancel() } } catch {
            work.cancel()
            _ = await work.value
            throw error
        }
        let endings = await work.value
        journal.append(Mini.runFinished)
        return Outcome(run: folder.number, endings: endings, events: JournalReader.events(of: folder), folder: folder, home: home)
    }
}
