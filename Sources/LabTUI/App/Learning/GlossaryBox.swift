package import LabFile
import LabSupport

/// The box that explains the lab's terms. What is typed selects them.
package struct GlossaryBox: Sendable, Equatable {
    package var text: String
    package var offset = 0

    package init(text: String = "") { self.text = text }
}

/// Opens the glossary, and handles its keys.
enum GlossaryUpdate {
    static func open(_ text: String, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.spec?.glossary != nil else {
            model.tell(LearningWords.noGlossary)
            return []
        }
        model.overlays.append(.glossary(GlossaryBox(text: text)))
        return model.lab.glossary == nil ? [.readGlossary] : []
    }

    static func pressed(_ key: Key, _ box: GlossaryBox, _ model: inout AppModel) -> [AppEffect] {
        var box = box
        let rows = GlossaryView(model, box).rows
        let limit = TextPane.limit(GlossaryView(model, box).lines.count, rows: rows)
        switch key {
        case .enter: return OverlayUpdate.close(&model)
        case .up: box.offset = max(0, box.offset - 1)
        case .down: box.offset = min(limit, box.offset + 1)
        case .pageUp: box.offset = max(0, box.offset - rows)
        case .pageDown: box.offset = min(limit, box.offset + rows)
        case .home: box.offset = 0
        case .end: box.offset = limit
        case .character(let character): box = GlossaryBox(text: box.text + String(character))
        case .backspace:
            if box.text.isEmpty { return OverlayUpdate.close(&model) }
            box = GlossaryBox(text: String(box.text.dropLast()))
        case .control("u"): box = GlossaryBox()
        default: return []
        }
        OverlayUpdate.replace(.glossary(box), &model)
        return []
    }
}

/// Draws the glossary.
package struct GlossaryView {
    private let model: AppModel
    private let box: GlossaryBox

    package init(_ model: AppModel, _ box: GlossaryBox) {
        self.model = model
        self.box = box
    }

    private var columns: Int { min(76, model.size.columns - 6) }

    private var rect: Rect {
        Rect(model.size).centered(Size(columns: columns + 4, rows: max(8, min(24, model.size.rows - 2))))
    }

    /// How many rows of explanations are visible.
    var rows: Int { max(1, rect.rows - 4) }

    package var lines: [RichLine] {
        guard let glossary = model.lab.glossary else { return [RichLine(model.say(LearningWords.reading), model.look[.muted])] }
        let found = glossary.matches(box.text, model.settings.language)
        if found.isEmpty { return RichLine(model.say(LearningWords.noTerm(box.text)), model.look[.muted]).wrapped(to: columns) }
        return found.flatMap { Self.lines($0, model, columns: columns) }
    }

    /// A term with its name in the other language, and its meaning.
    package static func lines(_ term: LabGlossary.Term, _ model: AppModel, columns: Int) -> [RichLine] {
        let look = model.look
        let other = model.settings.language == .en ? term.name.zh : term.name.en
        let name = model.say(term.name)
        let beside = other == name ? "" : "  \(other)"
        let head = RichLine([Span(name, look[.strong]), Span(beside, look[.muted])])
        let text = Markdown.lines(model.say(term.text), columns: columns - 2, look: look).map { RichLine([Span("  ")] + $0.spans) }
        return [head] + text
    }

    package func draw(on buffer: inout CellBuffer) {
        let look = model.look
        buffer.clear(for: rect, look)
        let inside = Frame(model.say(LearningWords.glossary), isFocused: true).draw(in: rect, on: &buffer, look).inset(columns: 1)
        let parts = inside.split(top: 1)
        let column = buffer.put("?" + box.text, at: parts.top.column, parts.top.row, look[.strong], limit: parts.top.columns - 1)
        buffer.put(" ", at: column, parts.top.row, Style(-1, .reverse))
        let rest = parts.rest.split(bottom: 1)
        TextPane(lines, offset: box.offset).draw(in: rest.rest, on: &buffer, look)
        let keys = [(Key.up, Text.keyScroll), (.escape, .keyClose)].map { (key: $0.0.name, label: model.say($0.1)) }
        KeyBar(keys).draw(in: rest.bottom, on: &buffer, look)
    }
}
