import LabFile
import LabRunner
import LabSupport

/// The tabs below the explanation.
package struct LiveView {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    package var tabNames: [String] {
        WalkthroughState.Tab.allCases.map { tab in
            switch tab {
            case .output: model.say(isFile ? .tabFile : .tabOutput)
            case .checks: model.say(.tabChecks) + checkMark
            case .diagnosis: model.say(.tabDiagnosis) + (hasFailure ? " " + model.look.glyphs.failed : "")
            case .telemetry: model.say(.tabTelemetry)
            case .files: model.say(.tabFiles)
            }
        }
    }

    package var activeTab: Int { WalkthroughState.Tab.allCases.firstIndex(of: model.walkthrough.tab) ?? 0 }

    private var task: TaskID? { model.walkthrough.selected }

    private var isFile: Bool { task.flatMap { model.lab.spec?.task($0)?.studentFile } != nil }

    private var checkMark: String {
        // The file's page counts live. The last look may be older.
        if let count = FilePane(model)?.count { return " \(count.met)/\(count.all)" }
        let checks = task.map { model.lab.progress.checks(of: $0) } ?? []
        guard !checks.isEmpty else { return "" }
        let passed = checks.count { $0.standing != .failed }
        return " \(passed)/\(checks.count)"
    }

    private var hasFailure: Bool { task.map { model.lab.progress.records[$0]?.failure != nil } ?? false }

    /// What is at the right end of the rule: the file, or the run and how much it printed. Without room for both, only the latter.
    package func note(columns: Int) -> String {
        var parts = notes
        let joined = { parts.joined(separator: " \(model.look.glyphs.separator) ") }
        while !parts.isEmpty, CellWidth.of(joined()) > columns { parts.removeFirst() }
        return joined()
    }

    private var notes: [String] {
        guard let task = task.flatMap({ model.lab.spec?.task($0) }) else { return [] }
        if let file = task.studentFile { return [file.path, model.say(StateLabel(task, model).text)] }
        guard let record = model.lab.progress.records[task.id], record.run > 0 else { return [] }
        let run = model.say(Phrase.run(record.run))
        let log = model.walkthrough.log
        guard model.walkthrough.tab == .output, log.count > 0 else { return [run] }
        return [run, model.walkthrough.logView.follows ? "\(log.endLine)" : "\(model.walkthrough.logView.top + 1)/\(log.endLine)"]
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        switch model.walkthrough.tab {
        case .output:
            if let file = FilePane(model) { file.draw(in: rect, on: &buffer) } else { OutputView(model).draw(in: rect, on: &buffer) }
        case .telemetry:
            TelemetryView(model.telemetry.history, model.look, model.settings.language, offset: model.walkthrough.tabOffset).draw(
                in: rect, on: &buffer)
        case .checks, .diagnosis, .files:
            TextPane(lines(columns: rect.columns), offset: model.walkthrough.tabOffset).draw(in: rect, on: &buffer, model.look)
        }
    }

    /// The lines of a tab that scrolls by lines. The output tab has none. For the telemetry, these are the lines of its tables.
    package func lines(columns: Int) -> [RichLine] {
        let prose = min(columns, Markdown.proseColumns)
        return switch model.walkthrough.tab {
        case .output: []
        case .checks: ChecksTab(model).lines(columns: prose)
        case .diagnosis: DiagnosisTab(model).lines(columns: prose)
        case .telemetry: TelemetryView(model.telemetry.history, model.look, model.settings.language).tableLines(columns: columns)
        case .files: FilesTab(model).lines(columns: columns)
        }
    }
}

/// Shows for each check the expected value, the found one, the closest match and the advice.
struct ChecksTab {
    private let model: AppModel

    init(_ model: AppModel) { self.model = model }

    func lines(columns: Int) -> [RichLine] {
        let look = model.look
        guard let id = model.walkthrough.selected, let task = model.lab.spec?.task(id) else { return [] }
        if let lines = FilePane(model)?.wantList(columns: columns), !lines.isEmpty { return lines }
        let checks = model.lab.progress.checks(of: id)
        guard !checks.isEmpty else {
            return RichLine(model.say(task.checks.isEmpty ? .noChecks : .notLooked), look[.muted]).wrapped(to: columns)
        }
        return checks.flatMap { lines($0, columns) }
    }

    private func lines(_ check: CheckResult, _ columns: Int) -> [RichLine] {
        let look = model.look
        let state = StateLabel(check.standing == .failed ? .failed : check.standing == .passed ? .done : .open, look.glyphs)
        let head = RichLine([Span(state.symbol + " ", look[state.role]), Span(model.say(check.wanted), look[.strong])], hanging: 2)
        var rows: [(Text, Text)] = [(.found, check.found)]
        if let nearest = check.nearest { rows.append((.nearest, nearest)) }
        if check.standing == .failed, let advice = check.advice { rows.append((.advice, advice)) }
        let width = rows.map { CellWidth.of(model.say($0.0)) }.max() ?? 0
        return head.wrapped(to: columns)
            + rows.flatMap { word, text in
                RichLine(
                    [Span("  " + model.say(word).padded(to: width) + "  ", look[.muted]), Span(model.say(text))], hanging: width + 4
                ).wrapped(to: columns)
            }
    }
}
