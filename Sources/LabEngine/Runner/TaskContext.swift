import FoundationEssentials

/// One task while it is carried out: the run's means, and a voice in the journal.
package struct TaskContext: Sendable {
    package let run: RunContext
    package let task: LabTask
    /// Hash of everything that the result depends on.
    package let fingerprint: String
    /// What the task printed, for its checks.
    let transcript = Locked(Transcript())

    package init(run: RunContext, task: LabTask, fingerprint: String) {
        self.run = run
        self.task = task
        self.fingerprint = fingerprint
    }

    var docker: DockerClient { run.docker }
    var labels: [String: String] { run.labels(task.id, fingerprint: fingerprint) }

    func emit(_ payload: EventPayload) { run.journal.append(payload, task: task.id) }

    func notice(_ code: String, _ text: Text, level: Notice.Level = .info) {
        emit(.notice(Notice(level: level, code: code, text: text)))
    }

    func progress(_ label: Text, _ done: Double, of total: Double?, _ unit: Progress.Unit) {
        emit(.progress(Progress(label: label, done: done, total: total, unit: unit)))
    }

    func created(_ kind: Created.Kind, _ name: String, id: String? = nil) { emit(.created(Created(kind: kind, name: name, id: id))) }

    /// Takes raw output: into the log untouched, and line by line for metrics and checks.
    func output(_ bytes: [UInt8], _ stream: Output.Stream) {
        run.journal.output(bytes, stream, task: task.id)
        let lines = transcript.withLock { $0.take(bytes, stream) }
        for line in lines where line.hasPrefix(MachineLine.prefix) { understand(line) }
    }

    /// A line of ailab's own among the output.
    func say(_ line: String) { output(Array((line + "\n").utf8), .engine) }

    private func understand(_ line: String) {
        guard let parsed = MachineLine(line) else { return }
        if let metric = parsed.metric { emit(.metric(metric)) }
        if let progress = parsed.progress { emit(.progress(progress)) }
        if let source = parsed.source { emit(.sourceChosen(source)) }
    }
}

/// The text of a task's output, bounded: the first half and the last half of a megabyte.
struct Transcript: Sendable {
    private static let half = 512 << 10
    private var head = ""
    private var tail = ""
    private var lines: [Output.Stream: SafeLines] = [:]

    /// Takes bytes; returns the lines that they completed.
    mutating func take(_ bytes: [UInt8], _ stream: Output.Stream) -> [String] {
        let complete = lines[stream, default: SafeLines()].take(bytes)
        for line in complete {
            if head.utf8.count < Self.half {
                head += line + "\n"
            } else {
                tail += line + "\n"
                if tail.utf8.count > 2 * Self.half { tail = String(tail.suffix(Self.half)) }
            }
        }
        return complete
    }

    /// Everything kept, unfinished lines included.
    var text: String { head + tail + lines.values.map(\.current).joined(separator: "\n") }

    /// The last lines that say something.
    func last(_ count: Int) -> String {
        text.split(separator: "\n").filter { !$0.hasPrefix(MachineLine.prefix) }.suffix(count).joined(separator: "\n")
    }
}

/// A line that a lab's script prints for programs: `@ailab ` and one JSON object.
struct MachineLine: Decodable {
    static let prefix = "@ailab "

    private var values: [String: Double] = [:]
    private var words: [String: String] = [:]
    private var progressBody: ProgressBody?

    private struct ProgressBody: Decodable {
        var done: Double
        var total: Double?
        var unit: String?
        var label: String?
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init?(_ line: String) {
        let json = Data(line.dropFirst(Self.prefix.count).utf8)
        guard let parsed = try? JSONDecoder().decode(MachineLine.self, from: json) else { return nil }
        self = parsed
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for key in container.allKeys {
            if key.stringValue == "progress" {
                progressBody = try? container.decode(ProgressBody.self, forKey: key)
            } else if let number = try? container.decode(Double.self, forKey: key) {
                values[key.stringValue] = number
            } else if let word = try? container.decode(String.self, forKey: key) {
                words[key.stringValue] = word
            }
        }
    }

    var metric: Metric? {
        guard let name = words["metric"], let value = values["value"] else { return nil }
        var more = values
        for known in ["value", "epoch", "step"] { more[known] = nil }
        return Metric(name: name, value: value, epoch: values["epoch"], step: values["step"], more: more.isEmpty ? nil : more)
    }

    var progress: Progress? {
        guard let body = progressBody else { return nil }
        let unit: Progress.Unit =
            switch body.unit {
            case "epoch", "epochs": .epochs
            case "bytes": .bytes
            case "step", "steps": .steps
            case "seconds": .seconds
            default: .items
            }
        let label = body.label.map { Text(verbatim: SafeLines.clean(text: $0)) } ?? Text(en: "Epoch", zh: "轮次")
        return Progress(label: label, done: body.done, total: body.total, unit: unit)
    }

    var source: SourceChosen? {
        guard let source = words["source"] else { return nil }
        let what = words["what"] ?? ""
        let text = words["text"] ?? ""
        return SourceChosen(what: what, source: source, standIn: words["stand_in"] == "yes", text: Text(verbatim: text))
    }
}
