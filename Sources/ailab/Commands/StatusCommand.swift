import ArgumentParser
import ContainerEngine
import HTTPTransport
import HostFacts
import LabFile
import LabRunner
import LabSupport

/// `ailab status`: where the student is, and what to type next.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: said("Where you are in the lab, and what to type next.", "实验进行到哪里、下一步输入什么。"),
        discussion: said("Example: ailab status", "示例：ailab status"))

    @OptionGroup var lab: LabOptions

    @Flag(help: help("One JSON object.", "输出一个 JSON 对象。"))
    var json = false

    func run() async throws {
        let workspace = try lab.workspace()
        let spec = try LabSpecLoader.spec(path: try lab.labFile())
        let holder = WorkspaceLock.holder(of: workspace)
        let history = RunHistory(workspace, lab: spec.id, living: holder?.run)
        let discovery = EngineFinder.discovery(Console.environment)
        let search = await discovery.search(http: CurlHTTPClient.shared)
        let status = LabStatus(spec: spec, history: history, living: holder?.run, search: search, withdrawal: discovery.withdrawal)
        if json {
            Console.output(status.json)
        } else {
            status.lines.forEach { Console.output($0) }
        }
    }
}

/// Where a student is in a lab.
struct LabStatus {
    let spec: LabSpec
    let history: RunHistory
    let living: Int?
    let search: EngineSearch
    /// What takes the user's own choice of an engine back.
    private let withdrawal: String?
    private let words = Words(language: Console.language)

    init(spec: LabSpec, history: RunHistory, living: Int?, search: EngineSearch, withdrawal: String?) {
        self.spec = spec
        self.history = history
        self.living = living
        self.search = search
        self.withdrawal = withdrawal
    }

    /// The first sub-step in the lab's order that no record says is done.
    private var next: LabTask? { spec.tasks.first { history.successes[$0.id] == nil } }

    /// The one to go on with: what was interrupted, else the first that is open.
    private var nextTask: LabTask? { history.interrupted?.tasks.first.flatMap { spec.task($0) } ?? next }

    private var done: Int { spec.tasks.count { history.successes[$0.id] != nil } }

    var lines: [String] {
        var lines = [Style.bold(spec.title[words.language]), words.progressLine(done, spec.tasks.count, history.latestRun)]
        lines += EngineListing(search).lines.suffix(1).filter { _ in search.found != nil }
        if let failure = search.failure { lines += [words.noEngine(failure)] }
        lines += ["", words.next(command, command.hasPrefix("ailab step") ? nextTask : nil)]
        return lines + ["", words.more]
    }

    /// What to type.
    private var command: String {
        if living != nil { return "ailab logs -f" }
        if let failure = search.failure { return cure(failure) }
        return nextTask.map { "ailab step \($0.id)" } ?? "ailab verify"
    }

    /// What brings an engine, or leads to it.
    private func cure(_ failure: LabError) -> String {
        switch failure.code {
        // Another engine would not be reached either; the doctor has the cure.
        case "transport.libraryMissing": "ailab doctor"
        // The engine is there, and a second one would not be it.
        case "engine.permission":
            HostUser.current().groupsAfterLogin.contains("docker") ? "newgrp docker" : #"sudo usermod -aG docker "$USER""#
        default: withdrawal ?? (search.isInstalled ? "sudo ailab engine start" : "sudo apt install docker.io")
        }
    }

    var json: String {
        JSONText.object([
            ("schema", .number(1)), ("lab", .text(spec.id)), ("done", .number(Double(done))), ("tasks", .number(Double(spec.tasks.count))),
            ("latestRun", .number(Double(history.latestRun))), ("runAtWork", living.map { .number(Double($0)) } ?? .null),
            ("next", next.map { .text($0.id.description) } ?? .null), ("engine", .flag(search.found != nil)), ("command", .text(command)),
        ])
    }
}
