import LabFile
import LabRunner
import LabSupport

/// The words of the selected task's commands, each with its meaning.
package struct CommandWordLines {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    private var commands: [String] { model.walkthrough.selected.map { model.lab.commands(of: $0) } ?? [] }

    package func lines(columns: Int) -> [RichLine] {
        let look = model.look
        guard let known = model.lab.commandWords else { return [RichLine(model.say(LearningWords.reading), look[.muted])] }
        var lines: [RichLine] = []
        for command in commands {
            if !lines.isEmpty { lines.append(RichLine([])) }
            lines += RichLine([Span("$ ", look[.muted]), Span(command, look[.command])], hanging: 4).wrapped(to: columns)
            lines.append(RichLine([]))
            for word in known.explain(command) {
                lines += RichLine([Span(SafeLines.clean(text: word.shown), look[.code])], hanging: 2).wrapped(to: columns)
                let text =
                    word.text.map { Markdown.lines(model.say(model.lab.spoken($0)), columns: columns - 4, look: look) }
                    ?? RichLine(model.say(LearningWords.unexplained), look[.muted]).wrapped(to: columns - 4)
                lines += text.map { RichLine([Span("    ")] + $0.spans) }
            }
        }
        return lines
    }
}

/// Opens the explanation of the commands.
enum CommandWordsUpdate {
    static func open(_ model: inout AppModel) -> [AppEffect] {
        guard model.lab.spec?.commands != nil else {
            model.tell(LearningWords.noWords)
            return []
        }
        guard let task = model.walkthrough.selected, !model.lab.commands(of: task).isEmpty else {
            model.tell(LearningWords.nothingToExplain)
            return []
        }
        model.overlays.append(.commandWords(offset: 0))
        return model.lab.commandWords == nil ? [.readCommandWords] : []
    }
}
