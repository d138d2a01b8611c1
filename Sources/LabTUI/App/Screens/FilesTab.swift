import LabFile
import LabSupport

/// The hints and at the end the reference solution, and the course's text with its correction.
struct FilesTab {
    private let model: AppModel

    init(_ model: AppModel) { self.model = model }

    func lines(columns: Int) -> [RichLine] {
        guard let task = model.walkthrough.selected.flatMap({ model.lab.spec?.task($0) }) else { return [] }
        let ladder = HintLadder(task, model)
        let help = hints(ladder, task, columns) + reference(ladder, columns)
        // A hint that the student asked for must be visible without scrolling.
        let asked = ladder.opened > 0
        return (asked ? help + [RichLine([])] : []) + errata(task, columns) + nothing(task) + (asked ? [] : help)
    }

    /// There is nothing to show.
    var isEmpty: Bool { model.walkthrough.selected.flatMap { model.lab.spec?.task($0) }.map(hasNothing) ?? true }

    private func hasNothing(_ task: LabTask) -> Bool {
        task.errata.isEmpty && HintLadder(task, model).task.hintCount == 0
    }

    private func heading(_ word: Text, _ note: String = "") -> RichLine {
        RichLine([Span(model.say(word), model.look[.heading]), Span(note.isEmpty ? "" : "  " + note, model.look[.muted])])
    }

    private func errata(_ task: LabTask, _ columns: Int) -> [RichLine] {
        guard !task.errata.isEmpty else { return [] }
        var lines = [heading(.erratum)]
        let words = [Text.printed, .why, .instead].map { model.say($0) }
        let width = words.map { CellWidth.of($0) }.max() ?? 0
        for erratum in task.errata {
            for (word, text) in zip(words, [erratum.printed, model.say(erratum.why), model.say(erratum.instead)]) {
                let style = model.look[word == words.first ? .code : .text]
                lines += RichLine([Span(word.padded(to: width) + "  ", model.look[.muted]), Span(text, style)], hanging: width + 2).wrapped(
                    to: columns)
            }
            lines.append(RichLine([]))
        }
        return lines
    }

    private func nothing(_ task: LabTask) -> [RichLine] {
        hasNothing(task) ? [RichLine(model.say(.noHints), model.look[.muted])] : []
    }

    private func numbered(_ content: String, _ columns: Int) -> [RichLine] {
        content.split(separator: "\n", omittingEmptySubsequences: false).prefix(500).enumerated().map { index, line in
            let number = String(index + 1)
            let lead = String(repeating: " ", count: max(0, 3 - number.count)) + number + " "
            return RichLine([Span(lead, model.look[.muted]), Span(String(line), model.look[.code])]).truncated(
                to: columns, ellipsis: model.look.glyphs.ellipsis)
        }
    }

    private func hints(_ ladder: HintLadder, _ task: LabTask, _ columns: Int) -> [RichLine] {
        guard ladder.task.hintCount > 0 else { return [] }
        let title = ladder.task.id == task.id ? Text.hints : LearningWords.hints(of: ladder.task.id)
        var lines = [heading(title, "\(ladder.opened)/\(ladder.task.hintCount)")]
        for hint in ladder.task.hints.prefix(ladder.opened) {
            let level = model.say(LearningWords.level(hint.level))
            let text = model.say(model.lab.spoken(hint.text))
            lines += Markdown.lines("- **\(level)**\(model.say(.colon))\(text)", columns: columns, look: model.look)
        }
        if let next = ladder.next { lines += Markdown.lines(model.say(LearningWords.next(next)), columns: columns, look: model.look) }
        return lines + [RichLine([])]
    }

    private func reference(_ ladder: HintLadder, _ columns: Int) -> [RichLine] {
        guard ladder.showsReference, let file = ladder.task.studentFile, let spec = model.lab.spec else { return [] }
        let content = model.lab.files["\(spec.directory)/\(file.reference)"] ?? ""
        return [heading(.reference)] + numbered(content, columns)
    }
}
