import Diagnosis
import Doctor
import LabFile
import LabSupport

/// Draws the box.
struct DoctorView {
    private let model: AppModel
    private let box: DoctorBox

    init(_ model: AppModel, _ box: DoctorBox) {
        self.model = model
        self.box = box
    }

    func draw(on buffer: inout CellBuffer) {
        let rect = Rect(model.size)
        buffer.fill(rect, model.look[.text])
        let inside = Frame(model.say(.doctorTitle), note: note, isFocused: true).draw(in: rect, on: &buffer, model.look)
        let parts = inside.inset(columns: 1).split(bottom: 1)
        let (lines, chosen) = lines(columns: parts.rest.columns)
        // The selected row is normally in the middle. If its details wouldn't fit below it, it's at the top.
        let room = parts.rest.rows
        let offset = chosen.count >= room ? chosen.lowerBound : max(0, min(chosen.lowerBound, chosen.upperBound - 1 - room * 2 / 3))
        TextPane(lines, offset: offset).draw(in: parts.rest, on: &buffer, model.look)
        let first = min(max(0, offset), TextPane.limit(lines.count, rows: room))
        if !chosen.isEmpty, (first..<first + room).contains(chosen.lowerBound) {
            let row = parts.rest.row + chosen.lowerBound - first
            buffer.cover(Rect(column: parts.rest.column, row: row, columns: parts.rest.columns, rows: 1), model.look[.selection])
        }
        let keys: [(Key, Text)] = [(.enter, .keyUnfold), (.character("r"), .keyAgain), (.character("y"), .keyCopy), (.escape, .keyClose)]
        KeyBar(keys.map { ($0.0.name, model.say($0.1)) }).draw(in: parts.bottom, on: &buffer, model.look)
    }

    /// First the progress, then the outcome.
    private var note: String {
        let state = model.lab.doctor
        if state.isRunning { return "\(state.results.count)/\(DoctorState.total)" }
        let report = DoctorReport(state.results, lab: model.lab.spec?.id)
        return model.say(DoctorWording.summary(report, of: model.lab.spec))
    }

    /// All lines, and which of them belong to the selected row.
    private func lines(columns: Int) -> (lines: [RichLine], chosen: Range<Int>) {
        let rows = DoctorRow.rows(model.lab.doctor, lab: model.lab.spec?.id)
        guard !rows.isEmpty else { return ([RichLine(model.say(.doctorLooks), model.look[.muted])], 0..<0) }
        let selected = rows.contains { $0.id == box.selected } ? box.selected : rows[0].id
        var lines: [RichLine] = []
        var chosen = 0..<0
        for row in rows {
            let start = lines.count
            lines +=
                box.unfolded.contains(row.id)
                ? unfolded(row, columns) : [head(row).truncated(to: columns, ellipsis: model.look.glyphs.ellipsis)]
            if row.id == selected { chosen = start..<lines.count }
        }
        return (lines, chosen)
    }

    private func head(_ row: DoctorRow) -> RichLine {
        let (mark, role) = Self.mark(row.result.standing, model.look.glyphs)
        let word = model.say(DoctorWording.mark(row.result.standing).word)
        let name = row.hidden.isEmpty ? row.id : row.hidden.joined(separator: " ")
        let id = CellWidth.of(name) < 17 ? name.padded(to: 17) : name + " "
        let head = "\(mark) \(word.padded(to: 8)) "
        return RichLine(
            [Span(head, model.look[role]), Span(id, model.look[.muted]), Span(measured(row))], hanging: CellWidth.of(head) + 2)
    }

    private func measured(_ row: DoctorRow) -> String {
        guard row.result.standing == .hidden, let parent = row.result.hiddenBy else { return model.say(row.result.measured) }
        return "← " + model.say(row.result.measured.labelled(parent))
    }

    private func unfolded(_ row: DoctorRow, _ columns: Int) -> [RichLine] {
        let look = model.look
        var lines = [RichLine](head(row).wrapped(to: columns))
        let inner = max(10, columns - 2)
        func indent(_ more: [RichLine]) -> [RichLine] { more.map { RichLine([Span("  ")] + $0.spans) } }
        guard let finding = row.result.finding else {
            return lines + indent(RichLine(model.say(row.result.title), look[.muted]).wrapped(to: inner))
        }
        let blocks = model.say(DoctorWording.blocks(finding, of: model.lab.spec))
        let title = "\(model.say(finding.title)) [\(finding.cause)] · \(blocks)"
        lines += indent(RichLine(title, look[.heading]).wrapped(to: inner))
        for evidence in finding.evidence {
            lines += indent(
                RichLine([Span(look.glyphs.vertical + " ", look[.muted]), Span(model.say(evidence), look[.code])], hanging: 2).wrapped(
                    to: inner))
        }
        lines += indent(Markdown.lines(model.say(finding.why), columns: inner, look: look))
        let cures = ShownCures(finding.remedies, all: model.walkthrough.showsAllCures)
        for remedy in cures.remedies {
            lines += indent(Markdown.lines("- " + model.say(remedy.text), columns: inner, look: look))
            for command in remedy.shown {
                lines += indent(
                    RichLine([Span("  $ ", look[.muted]), Span(command, look[.command])], hanging: 4).wrapped(to: inner))
            }
        }
        return lines + indent(cures.note(model, columns: inner)) + [RichLine([])]
    }

    private static func mark(_ standing: ProbeResult.Standing, _ glyphs: Glyphs) -> (String, Role) {
        switch standing {
        case .good: (glyphs.done, .good)
        case .note: (glyphs.bullet, .muted)
        case .advice: ("!", .warning)
        case .problem: (glyphs.failed, .bad)
        case .hidden: (glyphs.open, .muted)
        case .undecided: ("?", .warning)
        }
    }
}
