import ContainerEngine
import LabSupport

extension TaskContext {
    /// Reads a build to its end. Steps become progress, and messages become output.
    ///
    /// Docker's builder appends an instruction for each of the `labels` that ailab asks for. They aren't counted or shown, so the numbers are
    /// those of the Dockerfile.
    func follow(_ events: EventStream<BuildInterpreter>, image: String, labels: Int) async throws {
        var pull = PullProgress()
        var isAppended = false
        let appended = run.engine.kind?.maker == .docker ? labels : 0
        for try await event in events {
            switch event {
            case .step(let index, let count, _) where index > count - appended: isAppended = true
            case .cached where isAppended: break
            case .notice(let text) where isAppended && (text.hasPrefix("---> ") || text.hasPrefix("Removing intermediate ")): break
            case .step(let index, let all, let instruction):
                let count = all - appended
                say("Step \(index)/\(count) : \(SafeLines.clean(text: instruction))")
                let line = SafeLines.clean(text: instruction).split(separator: "\n").first.map(String.init) ?? ""
                progress(Text(verbatim: String(line.prefix(60))), Double(index), of: Double(count), .steps)
            case .cached: say(" ---> Using cache")
            case .output(let channel, let text): output(Array(text.utf8), channel == .stderr ? .stderr : .stdout)
            case .pull(let event): report(event, &pull)
            case .image(let id): created(.image, image, id: id)
            case .notice(let text): say(text)
            }
        }
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
