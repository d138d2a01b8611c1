import ContainerEngine
import Glibc
import LabEngine
import LabRunner
import LabSupport
import TestSupport

/// The real program on the real engine, with a small lab and a workspace of the test's own.
final class CommandLineFixture: Sendable {
    let engine: RealEngine
    /// Begins every name that this test's lab uses.
    let id: String
    let home: String
    let port: Int
    private let folder: TemporaryDirectory
    private let runs = Counter()
    /// The words before each command.
    private let inside: [String]

    private init(_ engine: RealEngine, inside: [String]) throws {
        self.engine = engine
        self.inside = inside
        id = engine.id
        folder = try TemporaryDirectory()
        home = folder.path + "/home"
        port = Int.random(in: 20_000..<30_000)
    }

    /// Runs a test's body; everything that the program made on the engine is removed behind it.
    static func with(
        _ name: String, on own: OwnEngine? = nil, _ body: (CommandLineFixture) async throws -> Void
    ) async throws {
        try await RealEngine.with("cli-\(name)", at: own?.endpoint) { engine in
            let fixture = try CommandLineFixture(engine, inside: own?.inside ?? [])
            let base = try await engine.image()
            try Files.makeDirectory(fixture.folder.path + "/labs/mini")
            try Files.write(Array("FROM \(base)\n".utf8), to: fixture.folder.path + "/labs/mini/Dockerfile")
            let slow = QuickLab.slowDockerfile(base: base, id: fixture.id)
            try Files.write(Array(slow.utf8), to: fixture.folder.path + "/labs/mini/Dockerfile.slow")
            try Files.write(Array(QuickLab.text(id: fixture.id, port: fixture.port).utf8), to: fixture.folder.path + "/labs/mini.yaml")
            do {
                try await body(fixture)
                await fixture.cleanUp()
            } catch {
                await fixture.cleanUp()
                throw error
            }
        }
    }

    private func cleanUp() async {
        _ = try? await run(["stop", "--now"])
        guard let workspace = try? Workspace(root: home) else { return }
        let objects = WorkspaceObjects(engine.docker, workspace)
        if let all = try? await objects.list() { _ = try? await objects.remove(all) }
    }

    /// How a command ended and what it said.
    struct Outcome: Sendable {
        var code: Int32
        var output: String
        var error: String
    }

    /// Replaces the lab, and writes files into its folder.
    func use(_ lab: String, files: [String: String] = [:]) throws {
        try Files.write(Array(lab.utf8), to: folder.path + "/labs/mini.yaml")
        for (name, text) in files { try Files.write(Array(text.utf8), to: folder.path + "/labs/mini/\(name)") }
    }

    /// The lab's file.
    var labFile: String { folder.path + "/labs/mini.yaml" }

    /// The folder of the lab's files.
    var labs: String { folder.path + "/labs" }

    /// A file of the student's folder.
    func file(_ path: String) -> String { "\(home)/work/mini/\(path)" }

    /// Runs a command to its end.
    func run(_ arguments: [String], _ change: [String: String] = [:]) async throws -> Outcome {
        try await start(arguments, change).outcome()
    }

    /// Starts a command.
    func start(_ arguments: [String], _ change: [String: String] = [:]) throws -> StartedCommand {
        runs.add()
        let stem = "\(folder.path)/run-\(runs.value)-\(UInt32.random(in: 0 ... .max))"
        return try StartedCommand(command(arguments, change), stem: stem)
    }

    /// The command with its environment.
    func command(_ arguments: [String], _ change: [String: String] = [:]) throws -> ChildCommand {
        let environment = [
            "DOCKER_HOST": engine.docker.endpoint.dockerHost, "AILAB_HOME": home, "AILAB_LABS": folder.path + "/labs",
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder.path, "LANG": "C.UTF-8", "TERM": "xterm",
        ]
        let isAboutALab = ["step", "list", "verify", "logs", "reset", "attach", "stop", "status", "report"].contains(arguments.first ?? "")
        let words = inside + [Program.path] + arguments + (isAboutALab ? ["--lab", "mini"] : [])
        return ChildCommand(words[0], Array(words.dropFirst()), environment: environment.merging(change) { _, new in new }, timeout: nil)
    }

    /// A terminal in which the walkthrough was typed. `lab` and further arguments as on the command line.
    func walk(
        columns: Int = 80, rows: Int = 24, _ arguments: [String] = ["--lab", "mini"], _ change: [String: String] = [:],
        _ body: (TmuxSession) async throws -> Void
    ) async throws {
        let walk = try command(arguments, change)
        try await TmuxSession.with(walk.environment, columns: columns, rows: rows) { session in
            try await session.command(([walk.executable] + walk.arguments).joined(separator: " "))
            try await body(session)
        }
    }

    /// Lets the slow build of the lab go on to its end.
    func letBuildEnd() async throws {
        for _ in 0..<2000 {
            let building = try await engine.docker.listContainers().first { $0.command.contains("\(id) begun") }
            if let building {
                _ = try await engine.docker.exec(building.id, ExecConfig(["touch", "/go"]))
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NeverHappened()
    }

    /// The process that carries out the run at work.
    func runner() async throws -> Int32 {
        let workspace = try Workspace(root: home)
        try await eventually { WorkspaceLock.holder(of: workspace).map { $0.pid > 0 } ?? false }
        return WorkspaceLock.holder(of: workspace)?.pid ?? 0
    }

    /// Waits until a container of the lab runs.
    func containerRuns(_ name: String) async throws {
        for _ in 0..<2000 {
            if try await engine.docker.containerIfPresent("\(id)-\(name)")?.state.isRunning == true { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NeverHappened()
    }
}

/// A command that was started, its two outputs going to files.
final class StartedCommand: Sendable {
    let pid: pid_t
    private let stem: String
    private let isOver = Locked(false)

    init(_ command: ChildCommand, stem: String) throws {
        self.stem = stem
        let output = open(stem + ".out", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let error = open(stem + ".err", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in [output, error, null] { close(descriptor) } }
        pid = try ChildSpawn.session(command, input: null, output: output, error: error)
    }

    /// A test that fails in the middle leaves its command. As a child that nobody waits for, it would hold up every exit test after it.
    deinit {
        guard !isOver.withLock({ $0 }) else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// It hasn't ended yet.
    var isRunning: Bool { waitid(P_PID, id_t(pid), nil, WEXITED | WNOWAIT | WNOHANG) == 0 && RunnerProcess.exitCode(of: pid) == nil }

    var output: String { (try? Files.text(stem + ".out")) ?? "" }
    var error: String { (try? Files.text(stem + ".err")) ?? "" }

    /// Waits for its end.
    func outcome() async throws -> CommandLineFixture.Outcome {
        let code = try await exitCode(of: pid)
        isOver.withLock { $0 = true }
        return CommandLineFixture.Outcome(code: code, output: output, error: error)
    }
}

/// Waits for a child's end without blocking a thread of the pool.
func exitCode(of pid: pid_t) async throws -> Int32 {
    let status = Locked<Int32>(0)
    try await eventually(within: .seconds(120)) { status.withLock { waitpid(pid, &$0, WNOHANG) == pid } }
    let value = status.withLock { $0 }
    return value & 0x7F == 0 ? value >> 8 & 0xFF : 128 + (value & 0x7F)
}
