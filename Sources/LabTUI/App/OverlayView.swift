import LabFile
import LabRunner
import LabSupport

/// Draws the boxes over the screen.
package struct OverlayView {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    package func draw(_ overlay: Overlay, on buffer: inout CellBuffer) {
        switch overlay {
        case .help(let offset):
            dialog(.help, Self.helpLines(model), [(.escape, .keyClose)], offset: offset, on: &buffer)
        case .palette(let palette): self.palette(palette, on: &buffer)
        case .search(let text): line("/" + text, on: &buffer)
        case .filter(let text): line("&" + text, on: &buffer)
        case .notes(let title, let texts):
            let lines = texts.flatMap { Markdown.lines(model.say($0), columns: columns, look: model.look) }
            dialog(title, lines, [(.enter, .keyClose)], on: &buffer)
        case .steps(let selection): steps(selection, on: &buffer)
        case .confirm(let question):
            let lines = question.lines.flatMap {
                RichLine([Span(model.say($0))], hanging: $0.en.hasPrefix(" ") ? 6 : 0).wrapped(to: columns)
            }
            let yes: Key = question.needsLetter ? .character("y") : .enter
            Dialog(model.say(question.title), lines, keys: keys([(yes, .keyYes), (.escape, .keyNo)])).draw(
                on: &buffer, columns: columns, model.look)
        case .doctor(let box): DoctorView(model, box).draw(on: &buffer)
        case .finale(let finale):
            dialog(
                FinaleWords.title, FinaleLines(finale, model).lines(columns: columns),
                [(.character("R"), .keyReport), (.escape, .keyClose)], on: &buffer)
        case .question(let box):
            let goOn: (Key, Text) = (.enter, box.selection == nil ? LearningWords.goOn : LearningWords.answer)
            let keys = [goOn, (.escape, .keyClose)]
            let numbers = (key: "1–\(box.question.choices.count)", label: model.say(LearningWords.answer))
            Dialog(
                model.say(LearningWords.question), QuestionLines(box, model).lines(columns: columns), keys: [numbers] + self.keys(keys)
            ).draw(on: &buffer, columns: columns, model.look)
        case .account(_, let offset):
            dialog(LearningWords.account, reading(overlay), [(.enter, .keyClose)], offset: offset, on: &buffer)
        case .glossary(let box): GlossaryView(model, box).draw(on: &buffer)
        case .commandWords(let offset):
            dialog(LearningWords.commandWords, reading(overlay), [(.enter, .keyClose)], offset: offset, on: &buffer)
        case .settings(let box):
            Dialog(
                SettingsWords.title[box.language], SettingsLines(box, model).lines(columns: columns),
                keys: [(key: "←→ 0–9", label: SettingsWords.change[box.language]), (key: "Enter", label: SettingsWords.save[box.language])]
                    + keys([(.escape, .keyCancel)])
            ).draw(on: &buffer, columns: columns, model.look)
        case .picture(let box): PictureView(model, box).draw(on: &buffer)
        case .shell(_, let shell): self.shell(shell, on: &buffer)
        }
    }

    /// The lines of a box that is only read.
    func reading(_ overlay: Overlay) -> [RichLine] {
        switch overlay {
        case .account(let step, _): AccountLines(step, model).lines(columns: columns)
        case .commandWords: CommandWordLines(model).lines(columns: columns)
        case .help, .palette, .search, .filter, .notes, .steps, .confirm, .doctor, .finale, .question, .glossary, .settings, .picture,
            .shell:
            []
        }
    }

    /// How many of them are visible.
    func rows(of overlay: Overlay) -> Int { Dialog.rect(model.size, lines: reading(overlay).count, columns: columns).rows - 3 }

    private var columns: Int { min(76, model.size.columns - 6) }

    /// The keys of a box. As long as it takes none, it shows none.
    private func keys(_ keys: [(Key, Text)]) -> [(key: String, label: String)] {
        model.hasFreshBox ? [] : keys.map { ($0.0.name, model.say($0.1)) }
    }

    private func dialog(_ title: Text, _ lines: [RichLine], _ keys: [(Key, Text)], offset: Int = 0, on buffer: inout CellBuffer) {
        let isLonger = lines.count > Dialog.rect(model.size, lines: lines.count, columns: columns).rows - 3
        let scroll = isLonger && !model.hasFreshBox ? [(key: "↑↓", label: model.say(.keyScroll))] : []
        Dialog(model.say(title), lines, keys: scroll + self.keys(keys), offset: offset).draw(on: &buffer, columns: columns, model.look)
    }

    /// How many rows of the help are visible at the same time.
    static func helpRows(_ model: AppModel) -> Int {
        Dialog.rect(model.size, lines: helpLines(model).count, columns: min(76, model.size.columns - 6)).rows - 3
    }

    static func helpLines(_ model: AppModel) -> [RichLine] {
        HelpLines.lines(model, columns: min(76, model.size.columns - 6))
    }

    private func palette(_ palette: Palette, on buffer: inout CellBuffer) {
        let matches = model.settings.keys.matches(palette.text, model.say)
        let rows = max(1, min(14, model.size.rows - 6))
        let rect = Rect(model.size).centered(Size(columns: columns + 4, rows: rows + 3))
        buffer.clear(for: rect, model.look)
        let inside = Frame(model.say(.commands), isFocused: true).draw(in: rect, on: &buffer, model.look).inset(columns: 1)
        let parts = inside.split(top: 1)
        input(":" + palette.text, parts.top, on: &buffer)
        if matches.isEmpty {
            let place = PaletteUpdate.step(palette, model).map { Phrase.goesTo($0) }
            let note = place ?? PaletteUpdate.term(palette).map { LearningWords.looksUp($0) } ?? .noCommandMatches
            return TextPane([RichLine(model.say(note), model.look[.muted])]).draw(in: parts.rest, on: &buffer, model.look)
        }
        let list = matches.map { binding in
            List.Row(
                RichLine([Span(binding.name.padded(to: 16), model.look[.strong]), Span(model.say(binding.help))]),
                note: RichLine(binding.keys.first?.name ?? "", model.look[.key]))
        }
        List(list, selection: palette.selection).draw(in: parts.rest, on: &buffer, model.look)
    }

    private func input(_ text: String, _ rect: Rect, on buffer: inout CellBuffer) {
        let column = buffer.put(text, at: rect.column, rect.row, model.look[.strong], limit: rect.columns - 1)
        buffer.put(" ", at: column, rect.row, Style(-1, .reverse))
    }

    private func line(_ text: String, on buffer: inout CellBuffer) {
        let rect = Rect(model.size).split(bottom: 1).bottom
        buffer.fill(rect, model.look[.text])
        input(" " + text, rect, on: &buffer)
    }

    private func steps(_ selection: Int, on buffer: inout CellBuffer) {
        let tasks = model.lab.spec?.tasks ?? []
        let rect = Rect(model.size).centered(Size(columns: columns + 4, rows: min(model.size.rows, tasks.count + 3)))
        buffer.clear(for: rect, model.look)
        let inside = Frame(model.say(.steps), isFocused: true).draw(in: rect, on: &buffer, model.look).inset(columns: 1)
        let parts = inside.split(bottom: 1)
        let rows = tasks.map { task in
            let label = StateLabel(task, model)
            return List.Row(
                RichLine([
                    Span("\(label.symbol) ", model.look[label.role]), Span(task.id.description.padded(to: 5), model.look[.muted]),
                    Span(model.say(task.title)),
                ]),
                note: RichLine([Span(model.say(label.text), model.look[label.role]), Span(" " + TaskTime(task, model).shown)]))
        }
        List(rows, selection: selection).draw(in: parts.rest, on: &buffer, model.look)
        KeyBar(keys([(.enter, .keyChoose), (.escape, .keyClose)])).draw(in: parts.bottom, on: &buffer, model.look)
    }

    private func shell(_ shell: ShellReady, on buffer: inout CellBuffer) {
        var lines = shell.commands.flatMap { command in
            RichLine([Span("$ ", model.look[.muted]), Span(command, model.look[.command])], hanging: 2).wrapped(to: columns)
        }
        lines += [RichLine([])] + Markdown.lines(model.say(.shellExplains), columns: columns, look: model.look)
        dialog(.shell, lines, [(.enter, .keyEnter), (.escape, .keyLater)], on: &buffer)
    }
}
