import ContainerEngine
import DockerfileCheck
import HTTPTransport
import LabSupport

/// Follows a build by BuildKit.
struct BuildKitFollower {
    private let task: TaskContext
    private let image: String
    private let file: Dockerfile
    private var log = BuildLog()
    private var pull = PullProgress()
    /// The number of instructions that have begun, for those that aren't found in the file.
    private var begun: [String] = []

    /// `file`: what is built.
    init(_ task: TaskContext, image: String, file: Dockerfile) {
        self.task = task
        self.image = image
        self.file = file
    }

    /// Reads the build to its end. A failure names the instruction by its number in the file.
    mutating func follow(_ events: EventStream<BuildKitInterpreter>) async throws {
        do {
            for try await event in events { take(event) }
            write(log.finish())
        } catch {
            write(log.finish())
            guard var failure = error as? DockerError, failure.step == nil else { throw error }
            failure.step = failed.flatMap { number(of: $0) }
            throw failure
        }
    }

    /// The number of the instruction that failed, among all of the file. Looking a base image up belongs to its FROM.
    private func number(of step: BuildKitStep) -> Int? {
        if step.place != nil { return part(step).number }
        let own = file.instructions.filter { !$0.isTrigger }
        let bases = own.indices.filter { own[$0].name == "FROM" }
        return bases.count == 1 ? bases[0] + 1 : nil
    }

    /// The first step that failed. Those that run beside it are then stopped.
    private var failed: BuildKitStep?

    private mutating func take(_ event: BuildKitEvent) {
        switch event {
        case .began(let step):
            if step.place != nil {
                if !begun.contains(step.id) { begun.append(step.id) }
                show(step, .running, seconds: nil)
            }
            write(log.begin(step))
        case .ended(let step, let end):
            if case .failed = end, failed == nil { failed = step }
            // The words of a step that was only stopped would hide the cause.
            if case .failed = end, step != failed { write(log.end(step, .done(seconds: 0))) } else { write(log.end(step, end)) }
            guard step.place != nil else { return }
            switch end {
            case .cached: show(step, .cached, seconds: nil)
            case .done(let seconds): show(step, .done, seconds: seconds)
            case .failed: show(step, step == failed ? .failed : .stopped, seconds: nil)
            }
        case .output(let step, let channel, let bytes, let time): write(log.output(step, channel, bytes, time: time))
        case .pull(let event): task.report(event, &pull)
        case .warning(let warning): tell(warning)
        case .image(let id): task.created(.image, image, id: id)
        case .notice(let text): task.say(SafeLines.clean(text: text))
        }
    }

    private func write(_ pieces: [BuildLog.Piece]) {
        for piece in pieces {
            switch piece {
            case .heading(let step):
                let words = SafeLines.clean(text: step.words)
                if step.place == nil {
                    task.say(words)
                } else {
                    let part = part(step)
                    task.say(BuildHeading(number: part.number, count: part.count, words: words).line)
                }
            case .output(let channel, let bytes): task.output(bytes, channel == .stderr ? .stderr : .stdout)
            case .end(.cached): task.say(" ---> Using cache")
            case .end(.done(let seconds)): if seconds >= 0.1 { task.say(" ---> Done in \(ShownNumber.fixed(seconds, 1)) s") }
            case .end(.failed(let words)): task.say(SafeLines.clean(text: words))
            }
        }
    }

    /// The step's number and how many there are: in the whole file, as the classic builder counts.
    private func part(_ step: BuildKitStep) -> (number: Int, count: Int, line: Int?) {
        if let place = step.place,
            let found = file.instruction(stage: place.stage, index: place.index, count: place.count, words: step.words)
        {
            return (found.number, file.instructionCount, found.instruction.lines.lowerBound)
        }
        let number = (begun.firstIndex(of: step.id) ?? 0) + 1
        return (number, max(number, step.place?.count ?? number), nil)
    }

    private func show(_ step: BuildKitStep, _ state: BuildStep.State, seconds: Double?) {
        let part = part(step)
        task.progress(
            instruction: step.words, number: part.number, of: part.count,
            BuildStep(id: step.id, state: state, seconds: seconds, line: part.line))
    }

    private func tell(_ warning: BuildKitWarning) {
        var text = SafeLines.clean(text: warning.text)
        let place = warning.line.map { " (line \($0))" } ?? ""
        if !place.isEmpty, text.hasSuffix(place) { text.removeLast(place.count) }
        task.notice(
            "build.warning",
            warning.line.map { Text(en: "Dockerfile, line \($0): \(text)", zh: "Dockerfile 第 \($0) 行：\(text)") } ?? Text(verbatim: text),
            level: .warning)
    }
}

extension TaskContext {
    /// Reports an instruction of a build. `number` counts in the whole file.
    func progress(instruction: String, number: Int, of count: Int, _ step: BuildStep) {
        // A continued line, or a mount that was left out, leaves several blanks between two words.
        let line = SafeLines.clean(text: instruction).split(separator: "\n").first?.split(separator: " ").joined(separator: " ") ?? ""
        emit(
            .progress(
                Progress(
                    label: Text(verbatim: String(line.prefix(60))), done: Double(number), total: Double(count), unit: .steps, step: step)))
    }

    /// Builds with BuildKit. Cancelling also ends the build on the engine: closing the connection isn't enough for some versions.
    func buildKit(_ image: String, _ options: BuildOptions, file: [UInt8], context: HTTPBody) async throws {
        let docker = try await docker
        let id = "ailab-\(run.workspace.id)-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        try await cleaningUpOnCancel {
            var follower = BuildKitFollower(self, image: image, file: Dockerfile(file))
            try await follower.follow(try await docker.buildImage(options, buildKitID: id, context: context))
        } cleanup: {
            try? await docker.cancelBuild(id)
        }
    }
}
