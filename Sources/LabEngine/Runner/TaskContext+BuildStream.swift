import ContainerEngine
import LabSupport

extension TaskContext {
    /// Reads a build by the classic builder to its end. Steps become progress, and messages become output.
    ///
    /// Docker's builder appends an instruction for each of the `labels` that ailab asks for. They aren't counted or shown, so the numbers are
    /// those of the Dockerfile.
    func follow(_ events: EventStream<BuildInterpreter>, image: String, labels: Int) async throws {
        var pull = PullProgress()
        var isAppended = false
        var steps = ClassicSteps(self)
        let appended = run.engine.kind?.maker == .docker ? labels : 0
        do {
            for try await event in events {
                switch event {
                case .step(let index, let count, _) where index > count - appended: isAppended = true
                case .cached where isAppended: break
                case .notice(let text) where isAppended && (text.hasPrefix("---> ") || text.hasPrefix("Removing intermediate ")): break
                case .step(let index, let all, let instruction): steps.begin(index, of: all - appended, instruction)
                case .cached:
                    say(" ---> Using cache")
                    steps.isCached = true
                case .output(let channel, let text): output(Array(text.utf8), channel == .stderr ? .stderr : .stdout)
                case .pull(let event): report(event, &pull)
                case .image(let id): created(.image, image, id: id)
                case .notice(let text):
                    if text.hasPrefix(Self.stepBegins) { buildStep.withLock { $0 = String(text.dropFirst(Self.stepBegins.count)) } }
                    say(text)
                }
            }
            steps.end()
        } catch {
            if error is DockerError { steps.fail() }
            throw error
        }
    }

    /// The builder's line before the output of an instruction. The container's ID follows.
    private static let stepBegins = "---> Running in "

    /// An engine that was killed during a build leaves the container of the step. Only the build's stream says which one it is.
    func removeBuildStep(_ docker: DockerClient) async {
        guard isRepeated, let left = buildStep.withLock({ $0 }), left.allSatisfy(\.isHexDigit) else { return }
        try? await docker.removeContainer(left, force: true)
    }

    /// Turns a pull's events into one progress bar.
    func report(_ event: PullEvent, _ progress: inout PullProgress) {
        progress.take(event)
        switch event {
        case .layer(let id, let phase, _, _):
            if phase.isFinal { say("\(id): \(phase.rawValue)") }
            self.progress(
                Text(en: "Layers \(progress.finished)/\(progress.layers.count)", zh: "层 \(progress.finished)/\(progress.layers.count)"),
                Double(progress.downloaded), of: progress.total > 0 ? Double(progress.total) : nil, .bytes)
        case .digest(let digest): say("Digest: \(digest)")
        case .message(let text): say(text)
        }
    }
}

/// The instructions of a build by the classic builder, one after the other. It tells neither their ends nor their times.
private struct ClassicSteps {
    private let task: TaskContext
    private var current: (number: Int, count: Int, words: String, began: ContinuousClock.Instant)?
    var isCached = false

    init(_ task: TaskContext) { self.task = task }

    mutating func begin(_ number: Int, of count: Int, _ instruction: String) {
        end()
        current = (number, count, instruction, .now)
        task.say(BuildHeading(number: number, count: count, words: SafeLines.clean(text: instruction)).line)
        show(.running)
    }

    mutating func end() {
        show(isCached ? .cached : .done)
        current = nil
        isCached = false
    }

    func fail() { show(.failed) }

    private func show(_ state: BuildStep.State) {
        guard let current else { return }
        let seconds = state == .done ? (ContinuousClock.now - current.began) / .seconds(1) : nil
        task.progress(
            instruction: current.words, number: current.number, of: current.count,
            BuildStep(id: "\(current.number)", state: state, seconds: seconds))
    }
}
