import LabFile
import LabSupport

/// The explanation of a task.
package struct ExplanationView {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    private var task: LabTask? { model.walkthrough.selected.flatMap { model.lab.spec?.task($0) } }

    package var title: String {
        guard let task else { return model.say(.explanation) }
        let title = model.say(task.title)
        let isSaid = title.lowercased().range(of: model.say(.optional)) != nil
        let homework = task.optional && !isSaid ? model.say(Phrase.bracketed(Text.optional)) : ""
        return "\(task.id) \(title)\(homework)"
    }

    /// The output below says what was expected and what came, so that it needn't stand here, too. What is only read has hardly an output.
    private func isSaidBelow(_ columns: Int) -> Bool {
        let expected = ExpectationLines(model)
        guard model.walkthrough.tab == .output, !model.walkthrough.isZoomed, WalkthroughLayout.mode(model.size) == .full,
            expected.isDecided, task?.isOnlyRead == false
        else { return false }
        return expected.lines(columns: columns).count < WalkthroughLayout.leastOutput(model.size) / 2
    }

    package func lines(columns: Int) -> [RichLine] {
        if let failure = model.lab.failure { return FailureLines(failure, model).lines(columns: columns) }
        guard let task else { return [RichLine(model.say(model.lab.spec == nil ? .readingLab : .readingHistory), model.look[.muted])] }
        let text = Markdown.lines(model.say(task.text), columns: columns, look: model.look)
        return isSaidBelow(columns) ? text : ExpectationLines(model).before(text, columns: columns)
    }
}

/// A failure with its cause and advice.
struct FailureLines {
    private let failure: LabError
    /// The known cause follows, so the end of the output is enough.
    private let isExplained: Bool
    private let model: AppModel

    init(_ failure: LabError, _ model: AppModel, isExplained: Bool = false) {
        self.failure = failure
        self.isExplained = isExplained
        self.model = model
    }

    func lines(columns: Int) -> [RichLine] {
        let look = model.look
        var lines = RichLine([Span(look.glyphs.failed + " ", look[.bad]), Span(model.say(failure.message), look[.strong])], hanging: 2)
            .wrapped(
                to: columns)
        if let cause = failure.cause {
            for line in cause.split(separator: "\n").suffix(isExplained ? 3 : 12) {
                lines += RichLine([Span(look.glyphs.vertical + " ", look[.muted]), Span(String(line), look[.muted])], hanging: 2).wrapped(
                    to: columns)
            }
        }
        if let hint = failure.hint(isExplained: isExplained) {
            lines += [RichLine([])] + Markdown.lines(model.say(hint), columns: columns, look: look)
        }
        return lines
    }
}

/// The command line that the task equals.
package struct CommandStrip {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    /// How many rows it takes, at most `limit`.
    package func rows(columns: Int, limit: Int) -> Int {
        let lines = lines(columns: columns, rows: limit)
        return lines.allSatisfy { $0.columns == 0 } ? 0 : lines.count
    }

    package func draw(in rect: Rect, on buffer: inout CellBuffer) {
        guard rect.rows > 0 else { return }
        let text = rect.inset(columns: 1)
        for (row, line) in lines(columns: text.columns, rows: text.rows).enumerated() {
            buffer.put(line, at: text.column, text.row + row, limit: text.columns)
        }
    }

    /// What is there in place of a command.
    private func note(_ task: LabTask) -> RichLine {
        if let file = task.studentFile { return RichLine("\(model.lab.filesFolder)/\(file.path)", model.look[.command]) }
        if task.action.isReading { return RichLine(model.say(.onlyReading), model.look[.muted]) }
        // Before an engine answers, nobody knows the commands.
        return RichLine(model.lab.commands.isEmpty ? "" : model.say(.noCommand), model.look[.muted])
    }

    private func lines(columns: Int, rows: Int) -> [RichLine] {
        guard let task = model.walkthrough.selected.flatMap({ model.lab.spec?.task($0) }) else { return [] }
        let commands = model.lab.commands(of: task.id)
        if commands.isEmpty { return [note(task).truncated(to: columns, ellipsis: model.look.glyphs.ellipsis)] }
        let wrapped = commands.flatMap { command in
            RichLine([Span("$ ", model.look[.muted]), Span(command, model.look[.command])], hanging: 4).wrapped(to: columns)
        }
        guard wrapped.count > rows else { return wrapped }
        let last = RichLine(wrapped[rows - 1].spans + [Span(" " + model.look.glyphs.ellipsis)])
        return Array(wrapped.prefix(rows - 1)) + [
            last.columns > columns ? last.truncated(to: columns, ellipsis: model.look.glyphs.ellipsis) : last
        ]
    }
}
