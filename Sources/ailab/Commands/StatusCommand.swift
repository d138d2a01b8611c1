import ArgumentParser
import ContainerEngine
import HostFacts
import LabEngine
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
        let opened = try lab.opened()
        let search = await EngineControl.search(environment: Console.environment)
        let status = LabStatus(
            spec: opened.spec, progress: opened.progress, search: search, labWords: lab.words,
            withdrawal: EngineControl.withdrawal(environment: Console.environment))
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
    let progress: LabProgress
    let search: EngineSearch
    /// The words that mean this lab in another command.
    private let labWords: [String]
    /// What takes the user's own choice of an engine back.
    private let withdrawal: String?
    private let words = Words(language: Console.language)

    init(spec: LabSpec, progress: LabProgress, search: EngineSearch, labWords: [String], withdrawal: String?) {
        self.spec = spec
        self.progress = progress
        self.search = search
        self.labWords = labWords
        self.withdrawal = withdrawal
    }

    /// The first sub-step in the lab's order that asks for something.
    private var next: LabTask? { spec.tasks.first { !progress.state(of: $0.id).isSettled } }

    /// The one to go on with: what was interrupted, else the first that is open.
    private var nextTask: LabTask? { progress.interrupted?.tasks.first.flatMap { spec.task($0) } ?? next }

    private var tally: LabTally { progress.tally(spec.tasks) }

    private var forecast: LabForecast { LabForecast(spec.tasks, progress, now: wallClock()) }

    private var living: Int? { progress.run.flatMap { $0.isAlive ? $0.number : nil } }

    private var latestRun: Int { progress.run?.number ?? 0 }

    var lines: [String] {
        var lines = [Style.bold(spec.title[words.language]), words.progressLine(tally, latestRun)]
        if forecast.secondsLeft > 0 { lines.append(words.forecast(forecast)) }
        lines += EngineListing(search).lines.suffix(1).filter { _ in search.found != nil }
        if let failure = search.failure { lines += [words.noEngine(failure)] }
        lines += ["", words.next(command, command.hasPrefix("ailab step") ? nextTask : nil)]
        return lines + ["", words.more(labWords)]
    }

    /// What to type.
    private var command: String {
        if living != nil { return "ailab logs -f" }
        if let failure = search.failure { return cure(failure) }
        return ShellWord.line(["ailab"] + (nextTask.map { ["step", "\($0.id)"] } ?? ["verify"]) + labWords)
    }

    /// What brings an engine, or leads to it.
    private func cure(_ failure: LabError) -> String {
        switch failure.code {
        // Another engine would not be reached either; the doctor has the cure.
        case .transportLibraryMissing: "ailab doctor"
        // The engine is there, and a second one would not be it.
        case .enginePermission:
            HostUser.current().groupsAfterLogin.contains("docker") ? "newgrp docker" : #"sudo usermod -aG docker "$USER""#
        default: withdrawal ?? (search.isInstalled ? "sudo ailab engine start" : "sudo apt install docker.io")
        }
    }

    var json: String {
        JSONText.line(
            Answer(
                lab: spec.id, done: tally.done, tasks: tally.all, skipped: tally.skipped, read: tally.read, readings: tally.readings,
                unavailable: tally.unavailable,
                latestRun: latestRun, runAtWork: living, next: next?.id, engine: search.found != nil, command: command))
    }

    private struct Answer: Encodable {
        var lab: String
        var done: Int
        var tasks: Int
        var skipped: Int
        var read: Int
        var readings: Int
        var unavailable: Int
        var latestRun: Int
        @OrNull var runAtWork: Int?
        @OrNull var next: TaskID?
        var engine: Bool
        var command: String
    }
}
