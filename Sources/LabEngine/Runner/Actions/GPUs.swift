import ContainerEngine
import HostFacts
import LabFile
import LabSupport

extension LabGPUsAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        var attempts: [GPUAttempt] = []
        for way in GPUWay.allCases {
            task.progress(Text(verbatim: way.words), Double(attempts.count), of: Double(GPUWay.allCases.count), .items)
            attempts.append(try await task.attempt(way, container))
        }
        task.results("gpus.table", Self.table(attempts))
        guard attempts.contains(where: \.works) else { throw NotOnThisMachine(reason: Self.reason) }
    }

    func commands(_ equivalent: Equivalent) -> [[String]] {
        GPUWay.allCases.flatMap { way in
            var words = equivalent.command(container)
            words.insert(contentsOf: way.option, at: min(2, words.count))
            // A refused container keeps the name.
            return [words, ["docker", "rm", "-f", container.name]]
        }
    }

    var hashedValue: Any? { self }

    var places: Set<String> { ["run", "container", "host", "daemon"] }
}

/// The ways in which an engine can give a container the GPUs: https://docs.docker.com/engine/containers/gpu/
private enum GPUWay: CaseIterable, Sendable {
    case gpus
    case cdi
    case runtime

    /// The words of `docker run`.
    var option: [String] {
        switch self {
        case .gpus: ["--gpus", "all"]
        case .cdi: ["--device", "nvidia.com/gpu=all"]
        case .runtime: ["--runtime", "nvidia", "-e", "NVIDIA_VISIBLE_DEVICES=all"]
        }
    }

    var words: String { option.joined(separator: " ") }

    func apply(to config: inout ContainerConfig) {
        switch self {
        case .gpus: config.gpus = .all
        case .cdi: config.gpus = .cdi(["nvidia.com/gpu=all"])
        case .runtime:
            config.runtime = "nvidia"
            config.environment["NVIDIA_VISIBLE_DEVICES"] = "all"
        }
    }
}

/// What came of one way.
private struct GPUAttempt: Sendable {
    var way: GPUWay
    var works: Bool
    var verdict: Text
    /// The engine's words, or what the container saw.
    var words: Text
}

extension TaskContext {
    fileprivate func attempt(_ way: GPUWay, _ container: LabContainer) async throws -> GPUAttempt {
        let docker = try await docker
        transcript.withLock { $0 = Transcript() }
        let mark = "— " + (run.engine.kind?.spoken(command: "docker run") ?? "docker run")
        say("\(mark) \(way.words)")
        do {
            let claim = try await claim(container, isFresh: true, adjust: way.apply)
            let code = try await withLimit(container.timeout, what: container.name) {
                try await followToEnd(claim)
            } onGiveUp: {
                try? await docker.stopContainer(claim.id, grace: .seconds(1))
            }
            let lines = transcript.withLock { $0.last(9) }.split(separator: "\n").filter { !$0.hasPrefix(mark) }
            let seen = lines.joined(separator: "; ")
            try await docker.removeContainer(claim.id, force: true)
            let verdict =
                code == 0 ? Text(en: "works", zh: "可用") : Text(en: "accepted, but the container sees no GPU", zh: "引擎接受，但容器中看不到 GPU")
            return GPUAttempt(way: way, works: code == 0, verdict: verdict, words: Text(verbatim: SafeLines.clean(text: seen)))
        } catch {
            // Only the engine refuses. A taken name, a missing image or a timeout says nothing about GPUs.
            guard error is DockerError, !Task.isCancelled else { throw error }
            let failure = LabError(describing: error, at: run.engine.endpoint)
            if RunEngine.canMeanLoss(failure) { throw error }
            if let left = try await docker.containerIfPresent(container.name),
                Label.isOwn(container.name, left.config.labels, workspace: run.workspace.id)
            {
                try await docker.removeContainer(left.id, force: true)
            }
            let words = failure.cause.map { Text(verbatim: SafeLines.clean(text: $0)) } ?? failure.message
            say(words.en)
            return GPUAttempt(way: way, works: false, verdict: Text(en: "refused", zh: "被拒绝"), words: words)
        }
    }
}

extension LabGPUsAction {
    fileprivate static func table(_ attempts: [GPUAttempt]) -> ResultTable {
        ResultTable(
            title: Text(en: "Three ways to a GPU", zh: "使用 GPU 的三种方式"),
            columns: [
                ResultTable.Column("way", Text(en: "option", zh: "选项"), .text),
                ResultTable.Column("verdict", Text(en: "result", zh: "结果"), .text),
                ResultTable.Column("words", Text(en: "the engine or the container says", zh: "引擎或容器的输出"), .text),
            ],
            rows: attempts.map { [.text(Text(verbatim: $0.way.words)), .text($0.verdict), .text($0.words)] })
    }

    /// Why no way works here.
    fileprivate static var reason: LabError {
        let facts = NVIDIAFacts.read(root: .machine)
        if let names = facts.devices.value, !names.isEmpty {
            return LabError(
                .gpuUnavailable,
                Text(en: "This machine has a GPU, but the engine can't give it to containers.", zh: "本机有 GPU，但引擎无法把它提供给容器。"),
                hint: Text(
                    en: "Install the NVIDIA Container Toolkit, and run this sub-step again. `ailab doctor` shows how.",
                    zh: "请安装 NVIDIA Container Toolkit，然后重新运行本小节。`ailab doctor` 会说明方法。"))
        }
        return LabError(
            .gpuUnavailable,
            Text(en: "This machine has no NVIDIA GPU. The table shows what was tried.", zh: "本机没有 NVIDIA GPU。表中列出了尝试过的方式。"))
    }
}
