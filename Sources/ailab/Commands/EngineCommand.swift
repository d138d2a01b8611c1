import ArgumentParser
import ContainerEngine
import HTTPTransport
import LabEngine
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
        let search = await EngineControl.search(environment: Console.environment)
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
        switch try await EngineControl.start(environment: Console.environment) {
        case .answers(let search):
            EngineListing(search).lines.suffix(1).forEach { Console.output($0) }
            Console.error(Text(en: "It answers already: nothing was started.", zh: "已有引擎可用，无需启动。")[language])
        case .started(let pid, let address):
            Console.output(
                Text(
                    en: "ailab's own engine runs (process \(pid)) at \(address).", zh: "ailab 私有引擎已启动（进程 \(pid)），位于 \(address)。")[
                        language])
        case .ran(let pid):
            Console.output(Text(en: "ailab's own engine runs already (process \(pid)).", zh: "ailab 私有引擎已在运行（进程 \(pid)）。")[language])
        }
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
        let stopped = try await EngineControl.stop(home: home.root, environment: Console.environment)
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
        let tried = search.attempts.compactMap { attempt -> Attempt? in
            guard case .failure(let error) = attempt.result else { return nil }
            return Attempt(
                origin: words.origin(attempt.candidate.origin), endpoint: (try? attempt.candidate.endpoint.get())?.dockerHost,
                code: error.codeText, message: error.message[words.language])
        }
        let answer = Answer(answers: search.found != nil, tried: tried)
        guard let (endpoint, ping, origin) = search.found else { return JSONText.line(answer) }
        let engine = Engine(
            endpoint: endpoint.dockerHost, kind: EngineKind(ping: ping).name, apiVersion: ping.apiVersion?.description,
            private: origin == .ailab)
        return JSONText.line(answer, engine)
    }

    private struct Answer: Encodable {
        var answers: Bool
        var tried: [Attempt]
    }

    private struct Attempt: Encodable {
        var origin: String
        @OrNull var endpoint: String?
        var code: String
        var message: String
    }

    private struct Engine: Encodable {
        var endpoint: String
        var kind: String
        @OrNull var apiVersion: String?
        var `private`: Bool
    }
}
