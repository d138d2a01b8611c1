import Diagnosis
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// A failed build of the student's file: the instruction in their own numbering, the cause, what to write, and what to press.
struct FaultLines {
    private let fault: BuildFault
    private let failure: LabError
    private let model: AppModel

    init?(_ model: AppModel) {
        guard let task = model.walkthrough.selected.flatMap({ model.lab.spec?.task($0) }), let fault = BuildFault(task, model),
            fault.isOfFile, let failure = model.lab.progress.records[task.id]?.failure
        else { return nil }
        self.fault = fault
        self.failure = failure
        self.model = model
    }

    private var look: Look { model.look }

    func lines(columns: Int) -> [RichLine] {
        let body = fault.isEdited ? edited(columns) : fault.isRefused ? refused(columns) : failed(columns)
        return body + [RichLine([])] + buttons(columns)
    }

    private func head(_ text: String, _ role: Role, _ mark: String, _ columns: Int) -> [RichLine] {
        RichLine([Span(mark + " ", look[role]), Span(text, look[.strong])], hanging: 2).wrapped(to: columns) + [RichLine([])]
    }

    private func edited(_ columns: Int) -> [RichLine] {
        if fault.file.isFine { return head(model.say(FaultWords.mended(fault.file.path)), .good, look.glyphs.done, columns) }
        return head(model.say(FileWords.standing(fault.file)), .bad, look.glyphs.failed, columns)
            + MarkedFile(fault.file, model).mistakes(columns: columns)
    }

    private func refused(_ columns: Int) -> [RichLine] {
        head(model.say(FaultWords.refused(fault.file.path)), .bad, look.glyphs.failed, columns)
            + MarkedFile(fault.file, model).mistakes(columns: columns)
    }

    private func failed(_ columns: Int) -> [RichLine] {
        var lines: [RichLine] = []
        if let place = fault.lines {
            lines += head(model.say(FaultWords.failed(fault.file.path, place)), .bad, look.glyphs.failed, columns)
            let shown = place.lowerBound...min(place.upperBound, place.lowerBound + 7)
            lines += MarkedFile(fault.file, model).code(shown, columns: columns) + [RichLine([])]
        }
        guard let finding = fault.finding else {
            if fault.lines == nil { lines += head(model.say(failure.message), .bad, look.glyphs.failed, columns) }
            return lines + words(failure.cause ?? "", columns)
        }
        lines += RichLine(model.say(finding.title), look[.heading]).wrapped(to: columns)
        lines += words(finding.evidence?.text ?? "", columns)
        lines += Markdown.lines(model.say(finding.why), columns: columns, look: look)
        let cures = ShownCures(finding.remedies.filter(\.applies), all: model.walkthrough.showsAllCures)
        for remedy in cures.remedies {
            lines += Markdown.lines("- " + model.say(remedy.text), columns: columns, look: look)
            for command in remedy.shown {
                lines += RichLine([Span("  + ", look[.good]), Span(command, look[.command])], hanging: 4).wrapped(to: columns)
            }
        }
        return lines + cures.note(model, columns: columns)
    }

    /// What the builder said.
    private func words(_ text: String, _ columns: Int) -> [RichLine] {
        text.split(separator: "\n").suffix(6).flatMap {
            RichLine([Span(look.glyphs.vertical + " ", look[.border]), Span(String($0), look[.muted])], hanging: 2).wrapped(to: columns)
        }
    }

    private func buttons(_ columns: Int) -> [RichLine] {
        let edit = fault.line.map { FaultWords.edit(line: $0) } ?? Text.keyEdit
        let keys = model.settings.keys
        let items: [(Command, Text)] = [(.edit, edit), (.output, FaultWords.wholeLog), (.run, FaultWords.buildAgain)]
        var spans: [Span] = []
        for (command, label) in items {
            if !spans.isEmpty { spans.append(Span("    ")) }
            let key = keys.bindings.first { $0.command == command }?.keys.first?.name ?? ""
            spans += [Span(key, look[.key]), Span(" " + model.say(label), look[.strong])]
        }
        return RichLine(spans).wrapped(to: columns)
    }
}

/// Sentences about a failed build.
enum FaultWords {
    static func failed(_ path: String, _ lines: ClosedRange<Int>) -> Text {
        lines.count == 1
            ? Text(en: "The build failed in line \(lines.lowerBound) of your \(path).", zh: "构建在你的 \(path) 第 \(lines.lowerBound) 行失败。")
            : Text(
                en: "The build failed in lines \(lines.lowerBound)–\(lines.upperBound) of your \(path).",
                zh: "构建在你的 \(path) 第 \(lines.lowerBound)–\(lines.upperBound) 行失败。")
    }

    static func refused(_ path: String) -> Text {
        Text(en: "Your \(path) has mistakes. Nothing was built.", zh: "你的 \(path) 有错误，没有开始构建。")
    }

    static func mended(_ path: String) -> Text {
        Text(en: "You changed your \(path), and it has no mistakes now. Build again.", zh: "你已修改 \(path)，现在没有错误。请重新构建。")
    }

    static func edit(line: Int) -> Text { Text(en: "edit at line \(line)", zh: "编辑第 \(line) 行") }

    static let wholeLog = Text(en: "the log", zh: "日志")
    static let buildAgain = Text(en: "build again", zh: "重新构建")
}
