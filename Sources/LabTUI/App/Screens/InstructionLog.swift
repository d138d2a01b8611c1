import DockerfileCheck
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// The output of a build, folded by instruction: each is one line with its state and its time. Those that run or failed are open.
struct InstructionLog {
    private let instructions: [BuildInstruction]
    private let model: AppModel
    private let file: ExaminedFile?

    /// Nil unless the output is a build's, the student wants it folded, and nothing is searched for in it.
    init?(_ record: TaskRecord?, _ model: AppModel) {
        let view = model.walkthrough.logView
        guard let record, record.instructions.count > 1, !model.walkthrough.unfolds, view.follows, view.search.isEmpty, !view.filter.isOn
        else { return nil }
        instructions = record.instructions
        self.model = model
        let task = model.walkthrough.selected.flatMap { model.lab.spec?.task($0) }
        let file = task.flatMap { $0.studentBuild == nil ? nil : model.lab.examined($0) }
        // The numbers are those of the file that was built.
        let isBuilt = file.map { ($0.state == .own || $0.state == .reference) && ($0.modified ?? 0) <= record.began ?? 0 } ?? false
        self.file = isBuilt ? file : nil
    }

    private var look: Look { model.look }

    /// At least this many lines of an open instruction are shown.
    private static let fewest = 4

    func lines(columns: Int, rows: Int) -> [RichLine] {
        let open = instructions.count { isOpen($0) }
        let room = max(Self.fewest, (rows - instructions.count - 2) / max(1, open))
        let places = instructions.map { place($0) }
        let digits = places.map { String($0).count }.max() ?? 1
        let rest = zip(instructions, places).flatMap { instruction, place in
            [head(instruction, String(place), digits, columns)]
                + (isOpen(instruction) ? tail(of: instruction.number, rows: room, columns: columns) : [])
        }
        return rest + [RichLine([])] + Markdown.lines(model.say(.unfoldHint), columns: columns, look: look)
    }

    private func isOpen(_ instruction: BuildInstruction) -> Bool {
        switch instruction.state {
        case .running, .failed: true
        case .cached, .done, .stopped: false
        }
    }

    /// The line in the student's file, as their editor numbers it. Otherwise the instruction's number.
    private func place(_ instruction: BuildInstruction) -> Int {
        let found = file?.review?.instruction(step: instruction.number, instruction.words)?.lines.lowerBound
        return instruction.line ?? found ?? instruction.number
    }

    private func head(_ instruction: BuildInstruction, _ place: String, _ digits: Int, _ columns: Int) -> RichLine {
        let (mark, role) = mark(instruction.state)
        let number = String(repeating: " ", count: digits - place.count) + place
        let note = note(instruction)
        let lead = [Span("\(mark) ", look[role]), Span("\(number) ", look[.muted]), Span("\(look.glyphs.vertical) ", look[.border])]
        let room = max(8, columns - digits - 5 - (note.isEmpty ? 0 : CellWidth.of(note) + 1))
        let style = look[isOpen(instruction) ? .strong : .text]
        let words = words(instruction).padded(to: room, ellipsis: look.glyphs.ellipsis)
        return RichLine(lead + [Span(words, style), Span(note.isEmpty ? "" : " " + note, look[.muted])])
            .truncated(to: columns, ellipsis: look.glyphs.ellipsis)
    }

    /// The words as in the output, where they are whole.
    private func words(_ instruction: BuildInstruction) -> String {
        let log = model.walkthrough.log
        let line = log.headings.last { $0.number == instruction.number }?.line
        let whole = line.flatMap { BuildHeading(line: log.bytes(of: $0))?.words } ?? instruction.words
        return whole.split { $0.isWhitespace }.joined(separator: " ")
    }

    private func mark(_ state: BuildStep.State) -> (String, Role) {
        switch state {
        case .running: (look.glyphs.running, .running)
        case .cached, .done: (look.glyphs.done, .muted)
        case .failed: (look.glyphs.failed, .bad)
        case .stopped: (look.glyphs.stopped, .warning)
        }
    }

    private func note(_ instruction: BuildInstruction) -> String {
        switch instruction.state {
        case .running: return Phrase.clock(max(0, model.now - instruction.began))
        case .cached: return model.say(.cached)
        case .stopped: return model.say(.stoppedBuild)
        case .done, .failed: break
        }
        guard let seconds = instruction.seconds, seconds >= 1 else { return "" }
        return Phrase.clock(seconds)
    }

    /// The last lines that an instruction printed. Its output may come in parts, if others ran at the same time.
    private func tail(of number: Int, rows: Int, columns: Int) -> [RichLine] {
        let log = model.walkthrough.log
        var lines: [RichLine] = []
        for (index, heading) in log.headings.enumerated().reversed() where heading.number == number {
            let end = index + 1 < log.headings.count ? log.headings[index + 1].line : log.endLine
            var place = end - 1
            while place > heading.line, lines.count < rows, let line = log.line(place)?.line {
                lines = RichLine([Span("    ")] + line.spans, hanging: 4).wrapped(to: columns) + lines
                place -= 1
            }
            if lines.count >= rows { break }
        }
        return Array(lines.suffix(rows))
    }
}

extension Text {
    fileprivate static let cached = Text(en: "cached", zh: "缓存")
    fileprivate static let stoppedBuild = Text(en: "stopped", zh: "已停止")
    fileprivate static let unfoldHint = Text(en: "`b` shows the whole log.", zh: "按 `b` 查看完整日志。")
}
