import ArgumentParser
import ContainerEngine
import HTTPTransport
import LabRunner
import LabSupport
import PrivateEngine

/// `ailab engine status|start|stop`: the container engine, and one of ailab's own where there is none.
struct EngineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: said("The container engine: which one answers, and a private one where none does.", "容器引擎：哪个可用；没有可用引擎时可启动私有引擎。"),
        discussion: said("Example: ailab engine status", "示例：ailab engine status"),
        subcommands: [EngineStatusCommand.self, EngineStartCommand.self, EngineStopCommand.self, EngineConfigureCommand.self],
        defaultSubcommand: EngineStatusCommand.self)
}

struct EngineStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: said("Which engine answers, and why the others do not.", "哪个引擎可用，其他的为什么不可用。"),
        discussion: said(
            """
            Exit codes: 0 an engine answers, 3 none does.
            Example: ailab engine status --json
            """,
            """
            退出码：0 有可用引擎，3 没有。
            示例：ailab engine status --json
            """))

    @Flag(help: help("One JSON object.", "输出一个 JSON 对象。"))
    var json = false

    func run() async throws {
        let search = await EngineFinder.discovery(Console.environment).search(http: CurlHTTPClient.shared)
        if json {
            Console.output(EngineListing(search).json)
        } else {
            EngineListing(search).lines.forEach { Console.output($0) }
            if let failure = search.failure { ErrorPrinter.print(failure) }
        }
        guard search.found != nil else { throw ExitCodes.blocked }
    }
}

struct EngineStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: said("Start an engine of ailab's own, unless one answers already. Needs root.", "启动 ailab 私有引擎（已有可用引擎时不启动）。需要 root。"),
        discussion: said(
            """
            AILAB_ENGINE_DIR names its folder, /var/lib/ailab/engine if left out.
            Example: sudo ailab engine start
            """,
            """
            AILAB_ENGINE_DIR 指定引擎目录，默认 /var/lib/ailab/engine。
            示例：sudo ailab engine start
            """))

    func run() async throws {
        let language = Console.language
        let search = await EngineFinder.discovery(Console.environment).search(http: CurlHTTPClient.shared)
        if search.found != nil {
            EngineListing(search).lines.suffix(1).forEach { Console.output($0) }
            Console.error(Text(en: "It answers already: nothing was started.", zh: "已有引擎可用，无需启动。")[language])
            return
        }
        let engine = EngineFinder.privateEngine(Console.environment)
        switch try await engine.start() {
        case .started(let pid):
            Console.output(
                Text(
                    en: "ailab's own engine runs (process \(pid)) at \(engine.layout.endpoint.dockerHost).",
                    zh: "ailab 私有引擎已启动（进程 \(pid)），位于 \(engine.layout.endpoint.dockerHost)。")[language])
        case .alreadyRunning(let pid):
            Console.output(Text(en: "ailab's own engine runs already (process \(pid)).", zh: "ailab 私有引擎已在运行（进程 \(pid)）。")[language])
        case .otherEngine(let pid, let endpoint):
            throw Self.other(pid, endpoint)
        }
    }

    private static func other(_ pid: Int32, _ endpoint: Endpoint) -> LabError {
        LabError(
            "engine.otherDaemon",
            Text(
                en:
                    "Another engine runs on this machine (process \(pid)) and answers at \(endpoint.dockerHost). A second one would take its "
                    + "network away, so none was started.",
                zh: "本机已有另一个引擎（进程 \(pid)）在 \(endpoint.dockerHost) 应答。再启动一个会破坏它的网络，因此没有启动。"),
            hint: Text(
                en: "Use that one: `export DOCKER_HOST=\(endpoint.dockerHost)`.", zh: "请直接使用它：`export DOCKER_HOST=\(endpoint.dockerHost)`。")
        )
    }
}

struct EngineStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: said(
            "Stop the engine that ailab started, with its containers; no other engine is touched. Needs root.",
            "停止 ailab 启动的引擎及其容器，不影响其他引擎。需要 root。"),
        discussion: said("Example: sudo ailab engine stop", "示例：sudo ailab engine stop"))

    @OptionGroup var home: HomeOption

    func run() async throws {
        let root = home.root
        if Files.exists("\(root)/lock"), let holder = WorkspaceLock.holder(of: try Workspace(root: root)) {
            throw WorkspaceLock.busy(holder)
        }
        let stopped = try await EngineFinder.privateEngine(Console.environment).stop()
        Console.output(
            (stopped
                ? Text(en: "ailab's own engine was stopped.", zh: "ailab 私有引擎已停止。")
                : Text(en: "ailab's own engine was not running.", zh: "ailab 私有引擎没有运行。"))[Console.language])
    }
}

/// The outcome of a search for engines as it is printed.
struct EngineListing {
    private let search: EngineSearch
    private let words = Words(language: Console.language)

    init(_ search: EngineSearch) { self.search = search }

    /// The places without an engine, each with its reason, then the engine.
    var lines: [String] {
        let tried = search.attempts.compactMap { attempt -> String? in
            guard case .failure(let error) = attempt.result else { return nil }
            return "✘ \(words.origin(attempt.candidate.origin))\(words.colon)\(error.message[words.language])"
        }
        guard let (endpoint, ping, origin) = search.found else { return tried }
        return tried + [words.engineAnswers(EngineKind(ping: ping).name, ping, endpoint, origin)]
    }

    var json: String {
        var members: [(String, JSONValue)] = [("schema", .number(1)), ("answers", .flag(search.found != nil))]
        if let (endpoint, ping, origin) = search.found {
            members += [
                ("endpoint", .text(endpoint.dockerHost)), ("kind", .text(EngineKind(ping: ping).name)),
                ("apiVersion", ping.apiVersion.map { .text($0.description) } ?? .null), ("private", .flag(origin == .ailab)),
            ]
        }
        let tried = search.attempts.compactMap { attempt -> JSONValue? in
            guard case .failure(let error) = attempt.result else { return nil }
            let place = (try? attempt.candidate.endpoint.get())?.dockerHost
            return .object([
                "origin": .text(words.origin(attempt.candidate.origin)), "endpoint": place.map { .text($0) } ?? .null,
                "code": .text(error.code.rawValue), "message": .text(error.message[words.language]),
            ])
        }
        return JSONText.object(members + [("tried", .list(tried))])
    }
}
