import ContainerEngine
import Diagnosis
import LabFile
import LabRunner
import LabSupport

/// Folds the journals of one lab into what only a report needs: every attempt at each sub-step, and what the student did outside of runs.
/// The states of the sub-steps come from `LabProgress`. Texts are cleaned as they are read.
struct ReportFold {
    /// Everything in the journals about one sub-step.
    struct Record {
        var attempts: [LabReport.Attempt] = []
        /// The last run that did it, or found it done, was unattended.
        var isAuto = false
        /// The title in the journals, for sub-steps that the lab no longer has.
        var title: Text?
    }

    /// The names of most metrics.
    private static let known: Set<String> = ["loss", "accuracy", "samples_per_second"]

    private let censor: ReportCensor
    private(set) var records: [TaskID: Record] = [:]
    private(set) var runs: [LabReport.Run] = []
    private(set) var deeds: [LabReport.Deed] = []
    private(set) var progress: LabProgress

    init(_ spec: LabSpec, _ censor: ReportCensor) {
        self.censor = censor
        progress = LabProgress(spec)
    }

    /// Folds everything. `notes` is what happened outside of runs, and `living` is the active run.
    mutating func fold(_ journals: [ReportJournal], _ notes: JournalAccount, living: Int?) {
        for journal in journals {
            guard case .runStarted(let start)? = journal.account.events.first?.payload, !start.isMark else { continue }
            runs.append(begun(start, journal, isLiving: journal.number == living))
        }
        let portions = journals.map { LabJournals.Portion(run: $0.number, events: $0.account.events) }
        for portion in LabJournals.merged(portions, notes.events) {
            let index = portion.run.flatMap { number in runs.firstIndex { $0.number == number } }
            for event in portion.events { take(event, portion.run, index) }
        }
        if progress.run?.number != living { progress.closeRun() }
        for task in records.keys { close(task, living) }
    }

    private mutating func take(_ event: Event, _ number: Int?, _ index: Int?) {
        let before = event.task.map { progress.state(of: $0) }
        progress.apply(event, of: number)
        note(event, changed: event.task.map { progress.state(of: $0) } != before)
        if let task = event.task {
            take(event, task, number ?? 0, index.map { runs[$0].options } ?? RunOptions())
        } else if let index {
            take(event.payload, &runs[index])
        }
    }

    // MARK: Beside the runs

    private mutating func note(_ event: Event, changed: Bool) {
        let kind: LabReport.Deed.Kind
        switch event.payload {
        case .taskSkipped: kind = .skipped
        case .taskUnskipped: kind = .unskipped
        case .taskReset(let reset): kind = .reset(removed: reset.removed.map(censor.name))
        case .looked(let look):
            guard changed else { return }
            kind = .looked(look.verdict)
        case .fileEdited(let edit): kind = .edited(censor.name(edit.path))
        case .settingsChanged(let settings): kind = .settings(clean(settings).words.map(censor.words))
        case .runStarted, .runFinished, .engineConnected, .deviceChosen, .notice, .fact, .taskStarted, .taskFinished, .reattached,
            .progress,
            .output, .metric, .sourceChosen, .sourceFailed, .created, .check, .captured, .prediction, .shellReady, .shellEnded, .finding,
            .questionAnswered, .hintOpened, .unknown:
            // Answers and hints belong to their sub-steps.
            return
        }
        deeds.append(LabReport.Deed(time: event.time, task: event.task, kind: kind))
    }

    // MARK: The run

    private func begun(_ start: RunStarted, _ journal: ReportJournal, isLiving: Bool) -> LabReport.Run {
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
        let command = "ailab step \(selection)" + (typed.isEmpty ? "" : " \(typed)")
        var run = LabReport.Run(
            number: journal.number, selection: selection, command: censor.command(command), options: options,
            version: censor.name(start.version), labDigest: start.labDigest.map(censor.name))
        // These values must stay what they are, even if the machine has the same name: they are compared with those of the student's name.
        run.studentValues = (start.studentValues ?? [:]).reduce(into: [:]) { $0[censor.name($1.key)] = censor.name($1.value) }
        let account = journal.account
        run.began = account.events.first?.time
        run.ended = account.events.last?.time
        run.seconds = max(0, (run.ended ?? 0) - (run.began ?? 0))
        run.outcome = isLiving ? .running : .interrupted
        (run.unreadable, run.missing, run.unknown) = (account.unreadable, account.missing, account.unknown)
        (run.chain, run.setBack) = (account.chain, account.setBack)
        return run
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
        case .runStarted, .taskStarted, .taskFinished, .taskReset, .taskSkipped, .taskUnskipped, .looked, .fileEdited,
            .questionAnswered, .hintOpened, .settingsChanged, .check, .captured, .fact,
            .progress, .output, .metric, .sourceChosen, .sourceFailed, .created, .prediction, .shellReady, .shellEnded, .reattached,
            .unknown:
            break
        }
    }

    /// Closes the attempts that a run started and didn't finish.
    private mutating func close(_ task: TaskID, _ living: Int?) {
        for index in records[task]?.attempts.indices ?? 0..<0 {
            guard let attempt = records[task]?.attempts[index], attempt.outcome == .running, attempt.run != living else { continue }
            let end = runs.first { $0.number == attempt.run }?.ended
            records[task]?.attempts[index].outcome = .interrupted
            records[task]?.attempts[index].seconds = end.map { max(0, $0 - attempt.began) }
        }
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
        case .taskFinished(let end): finish(&record, end, run, options)
        case .taskReset: for index in record.attempts.indices { record.attempts[index].isReset = true }
        case .runStarted, .runFinished, .engineConnected, .deviceChosen, .taskSkipped, .taskUnskipped, .looked, .fileEdited,
            .questionAnswered, .hintOpened, .settingsChanged, .check, .captured, .fact, .notice, .finding, .progress, .output, .metric,
            .sourceChosen, .sourceFailed, .created, .prediction, .shellReady,
            .shellEnded, .reattached, .unknown:
            // A look at the start of a run happens outside of any attempt.
            guard let last = open(record, run) else { return }
            add(event.payload, to: &record.attempts[last])
        }
    }

    /// The current attempt of a run.
    private func open(_ record: Record, _ run: Int) -> Int? {
        record.attempts.indices.last.flatMap { record.attempts[$0].outcome == .running && record.attempts[$0].run == run ? $0 : nil }
    }

    private func finish(_ record: inout Record, _ end: TaskFinished, _ run: Int, _ options: RunOptions) {
        if let last = open(record, run) {
            record.attempts[last].seconds = end.seconds
            record.attempts[last].error = end.error.map(clean)
            record.attempts[last].outcome = LabReport.Attempt.Outcome(end.outcome)
            if !end.fingerprint.isEmpty { record.attempts[last].fingerprint = censor.name(end.fingerprint) }
        }
        if end.outcome.isDone { record.isAuto = options.auto }
    }

    private func add(_ payload: EventPayload, to attempt: inout LabReport.Attempt) {
        switch payload {
        case .notice(let notice): attempt.notices.append(clean(notice))
        case .fact(let fact):
            let text = fact.name == ReportCensor.comparison ? fact.text.map(ReportCensor.withoutOutsideName) : fact.text
            attempt.facts.append(
                Fact(name: censor.name(fact.name), text: censor.words(text), table: fact.table?.mapTexts { censor.words($0) }))
            // A table compares several trainings. None of them made the student's model.
            if fact.table != nil { attempt.training = LabReport.Training() }
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
            // A check repeats the sub-step's own predictions.
            attempt.predictions.removeAll { $0.model == prediction.model && $0.picture == prediction.picture }
            attempt.predictions.append(clean(prediction))
        case .shellReady: attempt.hadShell = true
        case .reattached(let other): attempt.tookOver = Reattached(container: censor.name(other.container), run: other.run)
        case .finding(let finding): attempt.findings.append(clean(finding))
        case .check(let check): attempt.checks.append(clean(check))
        case .runStarted, .runFinished, .engineConnected, .deviceChosen, .taskStarted, .taskFinished, .taskReset, .taskSkipped,
            .taskUnskipped,
            .looked, .fileEdited, .questionAnswered, .hintOpened, .settingsChanged, .progress, .output, .shellEnded, .unknown:
            break
        }
    }

    // MARK: Cleaning

    private func hidden(_ captured: Captured) -> String {
        Redaction.isSecret(name: captured.name) ? Redaction.mark : censor.words(captured.value)
    }

    /// The settings without values of secrets.
    private func clean(_ settings: SettingsChanged) -> RunOptions {
        var options = settings.applied(to: RunOptions())
        for name in options.set.keys where Redaction.isSecret(name: name) { options.set[name] = Redaction.mark }
        return options
    }

    private func clean(_ notice: Notice) -> Notice {
        Notice(level: notice.level, code: censor.name(notice.code), text: censor.words(notice.text))
    }

    private func clean(_ error: LabError) -> LabError {
        LabError(
            codeText: censor.name(error.codeText), censor.words(error.message), hint: censor.words(error.hint),
            cause: error.cause.map(censor.words), errno: error.errno, httpStatus: error.httpStatus, exitCode: error.exitCode)
    }

    func clean(_ check: CheckResult) -> CheckResult {
        CheckResult(
            kind: censor.name(check.kind), standing: check.standing, wanted: censor.words(check.wanted), found: censor.words(check.found),
            nearest: censor.words(check.nearest), advice: censor.words(check.advice))
    }

    func clean(_ account: StepAccount) -> StepAccount {
        var clean = account
        for index in clean.lines.indices { clean.lines[index].evidence = clean.lines[index].evidence.map { censor.words($0) } }
        return clean
    }

    func clean(_ expectation: Expectation) -> Expectation {
        var clean = expectation
        clean.outcome?.measured = censor.words(expectation.outcome?.measured)
        clean.given = QuestionAnswered(
            question: censor.words(expectation.given.question), answer: censor.words(expectation.given.answer))
        return clean
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
        case .unavailable: self = .unavailable
        }
    }
}
