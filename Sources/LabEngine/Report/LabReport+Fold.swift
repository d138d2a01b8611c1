import Diagnosis
package import LabFile
import LabRunner
import LabSupport

/// A run's journal and the run's number.
struct ReportJournal: Sendable {
    var number: Int
    var account: JournalAccount
}

extension LabReport {
    /// Combines the journals of a workspace with the lab's tasks. Nil if no journal is of this lab.
    init?(
        _ spec: LabSpec, lab: Lab, journals: [ReportJournal], notes: JournalAccount, censor: ReportCensor, version: String, made: Double,
        author: String, workspace: String = "", living: Int?
    ) {
        var ours: [ReportJournal] = []
        var unreadable: [Int] = []
        for journal in journals {
            guard case .runStarted(let start)? = journal.account.events.first?.payload else {
                // A run that found the workspace in use never began.
                if case .runFinished(let end)? = journal.account.events.first?.payload, end.error?.code == .workspaceBusy { continue }
                // A run that is just starting hasn't recorded anything yet.
                if journal.number != living { unreadable.append(journal.number) }
                continue
            }
            if start.lab == spec.id { ours.append(journal) }
        }
        var fold = ReportFold(spec, censor)
        fold.fold(ours, notes, living: living)
        guard !fold.runs.isEmpty || !fold.deeds.isEmpty else { return nil }
        var lab = lab
        lab.file = censor.name(lab.file)
        lab.studentVariables = spec.variables.compactMap { StudentVariable($0, in: spec) }
        let atWork = fold.runs.contains { $0.number == living } ? living : nil
        self.init(lab: lab, version: version, made: made, author: censor.person(author), living: atWork)
        self.workspace = workspace
        runs = fold.runs
        for index in runs.indices { runs[index].followsEarlier = Self.follows(runs[index].number, journals) }
        deeds = fold.deeds
        deedChain = notes.chain
        tally = fold.progress.tally(spec.tasks)
        steps = spec.steps.map { step in
            Step(
                number: step.number, title: step.title, tasks: step.tasks.map { SubStep($0, fold, images: spec.images) },
                account: fold.clean(StepAccount(step, fold.progress)))
        }
        let numbers = journals.map(\.number)
        let gone = Self.gaps(in: numbers)
        cautions = ReportCautions(self, spec, fold, notes, unreadable: unreadable, gone: gone).all
    }
}

extension LabReport {
    /// The most missing runs that a report names. A folder with a number far away from the others must not make a list of millions.
    private static let gapLimit = 1000

    /// The numbers that are missing before the last one, the newest of them if there are too many.
    private static func gaps(in numbers: [Int]) -> [Int] {
        var gaps: [Int] = []
        let sorted = numbers.sorted()
        for (before, number) in zip([0] + sorted, sorted).reversed() where number - before > 1 {
            let left = gapLimit - gaps.count
            gaps += ((before + 1)..<number).suffix(left).reversed()
        }
        return gaps.reversed()
    }

    /// True if the journal of a run follows the end of the journal before it. Nil if nobody can tell.
    private static func follows(_ number: Int, _ journals: [ReportJournal]) -> Bool? {
        guard let first = journals.first(where: { $0.number == number })?.account.chain.first else { return nil }
        guard let before = journals.first(where: { $0.number == number - 1 })?.account, let head = before.chain.head else { return nil }
        // A run that found the workspace busy may have written its end after this one began.
        if case .runFinished(let end)? = before.events.last?.payload, end.error?.code == .workspaceBusy { return nil }
        return first == head
    }
}

extension ReportCensor {
    /// A censor for these journals, read on a machine with these names.
    init(environment: [String: String], journals: [ReportJournal], machine: [String]) {
        self.init(environment: environment, hosts: machine + journals.flatMap { Self.hostNames(in: $0.account.events) })
    }

    /// The machine names that the journals contain.
    private static func hostNames(in events: [Event]) -> [String] {
        events.flatMap { event -> [String] in
            if case .engineConnected(let engine) = event.payload { return host(of: engine.endpoint).map { [$0] } ?? [] }
            guard case .fact(let fact) = event.payload, fact.name == comparison else { return [] }
            return fact.text.en.split(separator: "\n").compactMap { outsideName(in: $0).map(String.init) }
        }
    }

    /// The fact that compares a container with the machine. Each line has a name, the value inside, the value outside, and whether they are
    /// equal.
    static let comparison = "compare.table"

    private static func outsideName(in line: Substring) -> Substring? {
        let cells = line.split(separator: " ")
        return cells.count >= 3 && cells[0] == "hostname" ? cells[2] : nil
    }

    /// The comparison without the machine's name.
    static func withoutOutsideName(_ table: String) -> String {
        table.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let name = outsideName(in: line) else { return String(line) }
            let blanks = String(repeating: " ", count: max(0, name.count - Redaction.mark.count))
            return String(line[..<name.startIndex]) + Redaction.mark + blanks + line[name.endIndex...]
        }.joined(separator: "\n")
    }
}

extension LabReport.SubStep {
    fileprivate init(_ task: LabTask, _ fold: ReportFold, images: [LabImage]) {
        self.init(id: task.id, title: task.title, isHomework: task.optional)
        let record = fold.records[task.id] ?? ReportFold.Record()
        let success = fold.progress.success(of: task.id)
        attempts = record.attempts
        doneIn = success?.run
        doneAt = success?.time
        checks = fold.progress.checks(of: task.id).map(fold.clean)
        checkedIn = fold.progress.records[task.id]?.checkedIn
        counted = success == nil ? nil : attempts.lastIndex { $0.outcome == .succeeded && !$0.isReset }
        state = fold.progress.state(of: task.id)
        isByHand = state.isDone && fold.progress.records[task.id]?.isByHand == true
        let authors = task.action.authors(isDone: state.isDone, isAuto: record.isAuto, notices: shown?.notices ?? [])
        usesReference = authors.contains(.lab)
        hasOwnFile = authors.contains(.student)
        standIns = Self.standIns(self, of: images)
        hints = fold.progress.help.hints[task.id]
        expectation = Expectation(task, fold.progress).map(fold.clean)
        findHelp(fold.runs)
    }

    /// The stand-ins that a sub-step used: those that its run reported, and existing images with a stand-in's name.
    private static func standIns(_ task: LabReport.SubStep, of images: [LabImage]) -> [String] {
        let said = (task.shown?.sources ?? []).filter(\.standIn).map { (what: $0.what, tag: $0.source) }
        let words = (task.shown?.commands ?? []) + task.checks.map(\.found.en)
        let seen = images.flatMap { image in
            image.sources.compactMap(\.standInTag).filter { tag in words.contains { $0.contains(tag) } }.map { (what: image.name, tag: $0) }
        }
        return (said + seen).reduce(into: []) { names, pair in
            let name = "\(pair.what) ← \(pair.tag)"
            if !names.contains(name) { names.append(name) }
        }
    }

    // MARK: Help

    private mutating func findHelp(_ runs: [LabReport.Run]) {
        for index in attempts.indices where attempts[index].outcome == .failed {
            let later = attempts[(index + 1)...].first { $0.outcome == .succeeded }
            if let later {
                attempts[index].help = help(attempts[index], later, runs)
            } else if let doneIn, doneIn > attempts[index].run, !attempts[index].isReset {
                attempts[index].help = .unrecorded(run: doneIn)
            }
        }
    }

    private func help(_ failed: LabReport.Attempt, _ later: LabReport.Attempt, _ runs: [LabReport.Run]) -> LabReport.Help {
        let causes = Set(failed.findings.map(\.cause))
        // The cure may be recorded in a run in between, which failed for another reason.
        for run in runs where run.number > failed.run && run.number <= later.run {
            if let cure = run.options.cure, causes.contains(cure.cause) { return .cure(cure, run: later.run) }
        }
        let before = runs.first { $0.number == failed.run }?.options ?? RunOptions()
        let after = runs.first { $0.number == later.run }?.options ?? RunOptions()
        let changes = after.changes(since: before)
        if !changes.isEmpty { return .options(changes, run: later.run) }
        return failed.fingerprint != later.fingerprint ? .inputs(run: later.run) : .unrecorded(run: later.run)
    }
}

extension RunOptions {
    /// The options that differ, as you would type them.
    fileprivate func changes(since old: RunOptions) -> [String] {
        var words: [String] = []
        if auto != old.auto { words.append(auto ? "--auto" : "(--auto)") }
        if quick != old.quick { words.append(quick ? "--quick" : "--no-quick") }
        if device != old.device { words.append("--device \(device.rawValue)") }
        for name in Set(set.keys).union(old.set.keys).sorted() where set[name] != old.set[name] {
            words.append(set[name].map { "--set \(name)=\($0)" } ?? "(--set \(name)=\(old.set[name] ?? ""))")
        }
        return words
    }
}

extension LabImageSource {
    /// The name of a stand-in. Nil for an original.
    package var standInTag: String? {
        switch self {
        case .pull: nil
        case .debian(_, _, let tag), .busybox(let tag, _, _): tag
        }
    }
}
