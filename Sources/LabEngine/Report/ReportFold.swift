import ContainerEngine
import Diagnosis
import LabFile
import LabRunner
import LabSupport

/// Folds the journals of one lab, run by run, into the attempts at each sub-step. Texts are cleaned as they come in.
struct ReportFold {
    /// What the journals say of one sub-step.
    struct Record {
        var attempts: [LabReport.Attempt] = []
        /// The newest outcome since the last reset, and its run.
        var last: TaskFinished.Outcome?
        /// Begun, and its end has not come.
        var isOpen = false
        var isSkipped = false
        var doneIn: Int?
        var doneAt: Double?
        /// The newest run that found or made it done was unattended.
        var isAuto = false
        var checks: [CheckResult] = []
        var checkedIn: Int?
        /// Titles as journals have them, for sub-steps that the lab no longer has.
        var title: Text?
    }

    /// Names of most metrics, of which there are many.
    private static let known: Set<String> = ["loss", "accuracy", "samples_per_second"]

    private let censor: ReportCensor
    private(set) var records: [TaskID: Record] = [:]
    private(set) var runs: [LabReport.Run] = []

    init(_ censor: ReportCensor) { self.censor = censor }

    /// Adds the next run. `isLiving`: its runner is at work.
    mutating func fold(_ account: JournalAccount, run number: Int, isLiving: Bool) {
        guard case .runStarted(let start)? = account.events.first?.payload else { return }
        var run = begun(start, number)
        run.began = account.events.first?.time
        run.ended = account.events.last?.time
        run.seconds = max(0, (run.ended ?? 0) - (run.began ?? 0))
        run.outcome = isLiving ? .running : .interrupted
        (run.unreadable, run.missing, run.unknown) = (account.unreadable, account.missing, account.unknown)
        for event in account.events {
            if let task = event.task {
                take(event, task, number, start.options)
            } else {
                take(event.payload, &run)
            }
        }
        for task in records.keys { close(task, number, isLiving: isLiving, at: run.ended) }
        runs.append(run)
    }

    // MARK: The run

    private func begun(_ start: RunStarted, _ number: Int) -> LabReport.Run {
        let isSkip = start.selection.hasPrefix(SkipRecord.selection)
        let isReset = start.selection.hasPrefix("reset ")
        let selection = censor.words(start.selection)
        var options = start.options
        options.set = options.set.reduce(into: [:]) { set, pair in
            set[censor.name(pair.key)] = Redaction.isSecret(name: pair.key) ? Redaction.mark : censor.words(pair.value)
        }
        options.cure = options.cure.map {
            CarriedCure(cause: censor.name($0.cause), text: censor.words($0.text), commands: $0.commands.map(censor.command))
        }
        let typed = options.typed ?? ShellWord.line(options.words)
        options.typed = nil
        let command = isReset ? "ailab \(selection)" : isSkip ? "" : "ailab step \(selection)" + (typed.isEmpty ? "" : " \(typed)")
        return LabReport.Run(
            number: number, kind: isSkip ? .skip : isReset ? .reset : .steps, selection: selection, command: censor.command(command),
            options: options, version: censor.name(start.version), labDigest: start.labDigest.map(censor.name))
    }

    private func take(_ payload: EventPayload, _ run: inout LabReport.Run) {
        switch payload {
        case .runFinished(let end):
            run.outcome = LabReport.Run.Outcome(end.outcome)
            run.exitCode = end.exitCode
            run.seconds = end.seconds
            run.error = end.error.map(clean)
        case .engineConnected(var engine):
            engine.endpoint = censor.endpoint(engine.endpoint)
            (engine.kind, engine.version) = (censor.name(engine.kind), censor.name(engine.version))
            engine.apiVersion = censor.name(engine.apiVersion)
            run.engine = engine
        case .deviceChosen(let device):
            run.device = DeviceChosen(device: censor.name(device.device), reason: censor.words(device.reason))
        case .notice(let notice): run.notices.append(clean(notice))
        case .finding(let finding): run.findings.append(clean(finding))
        default: break
        }
    }

    /// Sub-steps that the run began and said no more of.
    private mutating func close(_ task: TaskID, _ run: Int, isLiving: Bool, at end: Double?) {
        guard var record = records[task], record.isOpen, let last = record.attempts.indices.last, record.attempts[last].run == run else {
            return
        }
        if !isLiving {
            record.isOpen = false
            record.attempts[last].outcome = .interrupted
            record.attempts[last].seconds = end.map { max(0, $0 - record.attempts[last].began) }
        }
        records[task] = record
    }

    // MARK: Sub-steps

    private mutating func take(_ event: Event, _ task: TaskID, _ run: Int, _ options: RunOptions) {
        var record = records.removeValue(forKey: task) ?? Record()
        defer { records[task] = record }
        switch event.payload {
        case .taskStarted(let start):
            var attempt = LabReport.Attempt(run: run, began: event.time)
            attempt.commands = start.commands.map(censor.command)
            attempt.fingerprint = censor.name(start.fingerprint)
            record.attempts.append(attempt)
            record.title = censor.words(start.title)
            record.isOpen = true
            record.isSkipped = false
            record.last = nil
        case .taskFinished(let end): finish(&record, end, event.time, run, options)
        case .taskReset:
            for index in record.attempts.indices { record.attempts[index].isReset = true }
            let attempts = record.attempts
            record = Record(attempts: attempts, title: record.title)
        case .fact(let fact) where fact.name == SkipRecord.fact: record.isSkipped = true
        case .fact(let fact) where fact.name == SkipRecord.factAgain: record.isSkipped = false
        case .check(let check):
            let clean = clean(check)
            if record.checkedIn != run { record.checks = [] }
            record.checkedIn = run
            record.checks.append(clean)
            if record.isOpen, let last = record.attempts.indices.last { record.attempts[last].checks.append(clean) }
        default:
            // What a look at the beginning of a run says stands outside of any attempt.
            guard record.isOpen, let last = record.attempts.indices.last, record.attempts[last].run == run else { return }
            add(event.payload, to: &record.attempts[last])
        }
    }

    private func finish(_ record: inout Record, _ end: TaskFinished, _ time: Double, _ run: Int, _ options: RunOptions) {
        record.last = end.outcome
        if record.isOpen, let last = record.attempts.indices.last, record.attempts[last].run == run {
            record.isOpen = false
            record.attempts[last].seconds = end.seconds
            record.attempts[last].error = end.error.map(clean)
            record.attempts[last].outcome = LabReport.Attempt.Outcome(end.outcome)
            if !end.fingerprint.isEmpty { record.attempts[last].fingerprint = censor.name(end.fingerprint) }
        }
        guard end.outcome == .succeeded || end.outcome == .satisfied else { return }
        record.isAuto = options.auto
        guard end.outcome == .succeeded || record.doneIn == nil else { return }
        record.doneIn = run
        record.doneAt = time
    }

    private func add(_ payload: EventPayload, to attempt: inout LabReport.Attempt) {
        switch payload {
        case .notice(let notice): attempt.notices.append(clean(notice))
        case .fact(let fact):
            let text = fact.name == ReportCensor.comparison ? fact.text.map(ReportCensor.withoutOutsideName) : fact.text
            attempt.facts.append(Fact(name: censor.name(fact.name), text: censor.words(text)))
        case .metric(var metric):
            metric.name = Self.known.contains(metric.name) ? metric.name : censor.name(metric.name)
            attempt.training.add(metric)
        case .sourceChosen(let source):
            attempt.sources.append(
                SourceChosen(
                    what: censor.name(source.what), source: censor.words(source.source), standIn: source.standIn,
                    text: censor.words(source.text)))
        case .sourceFailed(let failed):
            attempt.failedSources.append(
                SourceFailed(what: censor.name(failed.what), source: censor.words(failed.source), error: clean(failed.error)))
        case .created(let made):
            attempt.created.append(Created(kind: made.kind, name: censor.name(made.name), id: made.id.map(censor.name)))
        case .captured(let captured):
            attempt.captured.append(Captured(name: censor.name(captured.name), value: hidden(captured)))
        case .prediction(let prediction):
            // A check asks again what the sub-step has asked.
            attempt.predictions.removeAll { $0.model == prediction.model && $0.picture == prediction.picture }
            attempt.predictions.append(clean(prediction))
        case .shellReady: attempt.hadShell = true
        case .reattached(let other): attempt.tookOver = Reattached(container: censor.name(other.container), run: other.run)
        case .finding(let finding): attempt.findings.append(clean(finding))
        default: break
        }
    }

    // MARK: Cleaning

    private func hidden(_ captured: Captured) -> String {
        Redaction.isSecret(name: captured.name) ? Redaction.mark : censor.words(captured.value)
    }

    private func clean(_ notice: Notice) -> Notice {
        Notice(level: notice.level, code: censor.name(notice.code), text: censor.words(notice.text))
    }

    private func clean(_ error: LabError) -> LabError {
        LabError(
            LabError.Code(rawValue: censor.name(error.code.rawValue)), censor.words(error.message), hint: censor.words(error.hint),
            cause: error.cause.map(censor.words), errno: error.errno, httpStatus: error.httpStatus, exitCode: error.exitCode)
    }

    private func clean(_ check: CheckResult) -> CheckResult {
        CheckResult(
            kind: censor.name(check.kind), standing: check.standing, wanted: censor.words(check.wanted), found: censor.words(check.found),
            nearest: censor.words(check.nearest), advice: censor.words(check.advice))
    }

    private func clean(_ prediction: Prediction) -> Prediction {
        var clean = prediction
        clean.model = censor.name(prediction.model)
        clean.picture = censor.name(prediction.picture)
        clean.expected = prediction.expected.map(censor.words)
        clean.top = prediction.top.map { Prediction.Label(label: censor.words($0.label), probability: $0.probability) }
        return clean
    }

    private func clean(_ finding: Finding) -> Finding {
        var clean = finding
        clean.cause = censor.name(finding.cause)
        clean.title = censor.words(finding.title)
        clean.why = censor.words(finding.why)
        clean.evidence = finding.evidence.map { Finding.Evidence(line: $0.line, text: censor.words($0.text)) }
        clean.detail = finding.detail.map { Finding.Evidence(line: $0.line, text: censor.words($0.text)) }
        clean.remedies = finding.remedies.map { remedy in
            Remedy(censor.words(remedy.text), commands: remedy.shown.map(censor.command), isOwn: remedy.isOwn)
        }
        return clean
    }
}

extension RunOptions {
    /// What `ailab step` takes for them, behind the steps.
    var words: [String] {
        var words: [String] = []
        if auto { words.append("--auto") }
        if quick { words.append("--quick") }
        if force { words.append("--force") }
        if device != .auto { words += ["--device", device.rawValue] }
        for (name, value) in set.sorted(by: { $0.key < $1.key }) { words += ["--set", "\(name)=\(value)"] }
        return words
    }
}

extension LabReport.Run.Outcome {
    fileprivate init(_ outcome: RunFinished.Outcome) {
        switch outcome {
        case .succeeded: self = .succeeded
        case .failed: self = .failed
        case .blocked: self = .blocked
        case .cancelled: self = .cancelled
        }
    }
}

extension LabReport.Attempt.Outcome {
    fileprivate init(_ outcome: TaskFinished.Outcome) {
        switch outcome {
        case .succeeded, .satisfied: self = .succeeded
        case .failed, .blocked: self = .failed
        case .cancelled: self = .cancelled
        case .waiting: self = .waiting
        }
    }
}
