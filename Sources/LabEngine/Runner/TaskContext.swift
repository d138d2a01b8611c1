import ContainerEngine
package import LabFile
package import LabSupport

/// One task while it runs: access to the run, and to the journal.
package struct TaskContext: Sendable {
    package let run: RunContext
    package let task: LabTask
    /// The hash of everything that the result depends on.
    package let fingerprint: String
    /// The runs that started this task and were killed during it.
    let abandonedBy: Set<Int>
    /// Why the task's inputs can't be read. Then it doesn't run.
    let problem: LabError?
    /// The task's output, for its checks.
    let transcript = Locked(Transcript())
    /// How often the engine went away meanwhile.
    let attempts = Locked(0)
    /// The connection's last break after which the engine answered, and when that was.
    let lastBreak = Locked<(words: String, time: ContinuousClock.Instant)?>(nil)
    /// The engine was away and came back.
    let sawReturn = Locked(false)
    /// The containers that this task made.
    let made = Locked<Set<String>>([])
    let passed = Locked(PassedOutput())
    /// It takes over no container.
    let abandons = Locked(false)
    /// It follows a container that lived on while the engine was away.
    let followsSurvivor = Locked(false)
    /// The container of the build step that runs, by its short ID.
    let buildStep = Locked<String?>(nil)
    /// The last command that was started in a container.
    let lastExec = Locked<EndableExec?>(nil)
    /// The rows of a table that the task's program printed.
    let rows = Locked<[[String: ResultTable.Cell]]>([])

    package init(run: RunContext, task: LabTask, fingerprint: String, abandonedBy: Set<Int> = [], problem: LabError? = nil) {
        self.run = run
        self.task = task
        self.fingerprint = fingerprint
        self.abandonedBy = abandonedBy
        self.problem = problem
    }

    var docker: DockerClient {
        get async throws { try await run.docker }
    }
    var labels: [String: String] { run.labels(task.id, fingerprint: fingerprint) }

    /// The labels of an image with this name. `content` is the hash of its inputs, if workspaces share it.
    func labels(image tag: String, content: String? = nil) -> [String: String] {
        var labels = labels
        labels[Label.image] = ImageReference(tag).description
        labels[Label.content] = content.map { Label.contentValue($0, of: tag) }
        return labels
    }

    func emit(_ payload: EventPayload) { run.append(payload, task: task.id) }

    func notice(_ code: String, _ text: Text, level: Notice.Level = .info) {
        emit(.notice(Notice(level: level, code: code, text: text)))
    }

    func progress(_ label: Text, _ done: Double, of total: Double?, _ unit: Progress.Unit) {
        emit(.progress(Progress(label: label, done: done, total: total, unit: unit)))
    }

    func created(_ kind: Created.Kind, _ name: String, id: String? = nil) { emit(.created(Created(kind: kind, name: name, id: id))) }

    /// Takes raw output. It goes to the log unchanged, and line by line to metrics and checks.
    func output(_ bytes: [UInt8], _ stream: Output.Stream) {
        run.journal.output(bytes, stream, task: task.id)
        let lines = transcript.withLock { $0.take(bytes, stream) }
        for line in lines { understand(line) }
    }

    func fact(_ name: String, _ text: Text) { emit(.fact(Fact(name: name, text: text))) }

    /// Prints a line of ailab's own among the output.
    func say(_ line: String) { output(Array((line + "\n").utf8), .engine) }

    /// The most rows of a table. A program that prints more is no measurement.
    private static let maximumRows = 200

    private func understand(_ line: String) {
        guard let parsed = MachineLine(line) else { return }
        if let metric = parsed.metric { emit(.metric(metric)) }
        if let progress = parsed.progress { emit(.progress(progress)) }
        if let row = parsed.row { rows.withLock { if $0.count < Self.maximumRows { $0.append(row) } } }
        if let source = parsed.source { emit(.sourceChosen(source)) }
        if let failed = parsed.sourceFailed { emit(.sourceFailed(failed)) }
    }
}
