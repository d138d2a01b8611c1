import Glibc
package import HTTPTransport
package import HostFacts
import LabSupport

/// `ailab engine start|stop|status`: ailab's own container engine, for machines without one.
package struct PrivateEngine: Sendable {
    package let layout: PrivateEngineLayout
    let options: PrivateEngineOptions
    let http: any HTTPClient
    let root: HostRoot
    let programs: ExecutableLookup
    let environment: [String: String]

    package init(
        layout: PrivateEngineLayout, options: PrivateEngineOptions = PrivateEngineOptions(), http: any HTTPClient,
        environment: [String: String], root: HostRoot = .machine
    ) {
        self.layout = layout
        self.options = options
        self.http = http
        self.environment = environment
        self.root = root
        programs = ExecutableLookup(path: environment["PATH"], below: root.real(""))
    }

    /// The engine's current state. Changes nothing.
    package func status() async -> PrivateEngineStatus {
        guard let process = ownProcess() else {
            return PrivateEngineStatus(layout: layout, state: .stopped)
        }
        let answers = await answers(layout.endpoint)
        return PrivateEngineStatus(layout: layout, state: answers ? .running(pid: process.pid) : .silent(pid: process.pid))
    }

    /// Starts the engine unless it is already running, and waits until it responds.
    package func start() async throws -> PrivateEngineStart {
        if case .running(let pid) = await status().state { return .alreadyRunning(pid: pid) }
        if !options.isolatesNetwork, let other = try await otherEngine() { return other }
        let obstacles = EngineObstacles(layout: layout, options: options, root: root, programs: programs, userID: geteuid())
        try obstacles.check()
        try ScratchFolder.make(layout.folder)
        let lock = try EngineLock(layout)
        defer { lock.release() }
        if let process = ownProcess() {
            try await waitUntilItAnswers(pid: process.pid)
            return .alreadyRunning(pid: process.pid)
        }
        let ending = EngineEnding(layout: layout, root: root, timeout: options.stopTimeout)
        await ending.endHelpers()
        ending.clearState()
        if !options.isolatesNetwork { BridgeLeftovers(root: root).remove() }
        let pid = try launch()
        try await waitUntilItAnswers(pid: pid)
        return .started(pid: pid)
    }

    /// The recorded process. If the record was lost, the engine that runs in this folder.
    func ownProcess() -> ProcessEntry? {
        if let process = EngineRecord.read(layout, root: root)?.process(layout, root: root) { return process }
        return ProcessTable.all(root: root).first { entry in
            entry.program == "dockerd" && entry.isAlive && entry.options(["--data-root"]).contains(layout.dataRoot)
        }
    }

    private func launch() throws -> Int32 {
        let engine = DaemonCommand(layout: layout, options: options, root: root, programs: programs, environment: environment)
        guard let command = engine.command() else { preconditionFailure("the check for obstacles comes first") }
        // Remove what a crash left behind: dockerd refuses a pid file if any process now has that pid.
        for path in [layout.pidFile, layout.socket, layout.record] { unlink(path) }
        try ScratchFolder.write(engine.configuration, to: layout.configuration)
        rename(layout.log, layout.log + ".1")
        let log = open(layout.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in [log, null] where descriptor >= 0 { close(descriptor) } }
        guard log >= 0, null >= 0 else {
            let code = errno
            throw LabError(
                .engineFolder, Text(en: "Cannot open \(layout.log).", zh: "无法打开 \(layout.log)。"),
                cause: String(cString: strerror(code)), errno: code)
        }
        let pid = try ChildSpawn.session(command, input: null, output: log, error: log)
        // Record the process before it responds, so that an aborted start can still be stopped.
        try EngineRecord.of(pid: pid, root: root)?.write(layout)
        return pid
    }

    private func waitUntilItAnswers(pid: Int32) async throws {
        let end = ContinuousClock.now + options.startTimeout
        do {
            while ContinuousClock.now < end {
                if await answers(layout.endpoint) { return }
                if EngineEnding.isGone(pid, root: root) { throw failure(.engineStartFailed, ended: true) }
                try await Task.sleep(for: .milliseconds(150))
            }
        } catch is CancellationError {
            await EngineEnding(layout: layout, root: root, timeout: options.stopTimeout).end(pid)
            throw CancellationError()
        }
        await EngineEnding(layout: layout, root: root, timeout: .seconds(5)).end(pid)
        throw failure(.engineStartTimeout, ended: false)
    }

    private func failure(_ code: LabError.Code, ended: Bool) -> LabError {
        unlink(layout.record)
        let tail = (root.lines(layout.log) ?? []).filter { !$0.isEmpty }.suffix(15).joined(separator: "\n")
        let seconds = options.startTimeout.components.seconds
        return LabError(
            code,
            ended
                ? Text(en: "The engine exited right after its start.", zh: "引擎启动后立即退出了。")
                : Text(en: "The engine did not respond within \(seconds) seconds and was stopped.", zh: "引擎在 \(seconds) 秒内没有响应，已被停止。"),
            hint: Text(
                en: "The last lines of its log show why. The full log is \(layout.log).", zh: "日志的最后几行说明了原因；完整日志在 \(layout.log)。"),
            cause: tail)
    }

    func answers(_ endpoint: Endpoint) async -> Bool {
        let request = HTTPRequest(
            endpoint: endpoint, target: "/_ping", connectTimeout: .seconds(2), headTimeout: .seconds(3), totalTimeout: .seconds(3))
        guard let response = try? await http.send(request), response.head.status == 200 else { return false }
        return (try? await response.body.collect(limit: 4096)) != nil
    }
}
