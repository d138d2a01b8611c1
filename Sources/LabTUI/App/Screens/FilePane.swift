import DockerfileCheck
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// The file that the student writes in the selected task: how it stands, its lines, and what the lab wants in it.
struct FilePane {
    private let model: AppModel
    private let action: LabFileAction
    private let file: ExaminedFile?

    /// Nil if the student writes no file in the selected task.
    init?(_ model: AppModel) {
        // A recording has no files.
        guard model.settings.demoSpeed == nil, let action = model.walkthrough.selected.flatMap({ model.lab.spec?.task($0)?.studentFile })
        else { return nil }
        self.model = model
        self.action = action
        file = model.lab.studentFiles[action.path]
    }

    private static let wantsColumns = 34

    /// Whether there's room for the wants beside the file.
    private func isWide(_ rect: Rect) -> Bool { !isBeside && rect.columns >= 60 + Self.wantsColumns }

    /// The third column shows the wants.
    private var isBeside: Bool { WalkthroughLayout.hasSide(model) }

    /// The part of the pane for the file's lines.
    func fileRect(in rect: Rect) -> Rect {
        let rest = rect.split(top: headRows(rect)).rest
        if isWide(rect) { return rest.split(left: rest.columns - Self.wantsColumns - 2).left }
        return rest.split(bottom: wantRows(rest)).rest
    }

    func draw(in rect: Rect, on buffer: inout CellBuffer) {
        let parts = rect.split(top: headRows(rect))
        TextPane(head(columns: rect.columns)).draw(in: parts.top, on: &buffer, model.look)
        let room = fileRect(in: rect)
        TextPane(lines(columns: room.columns), offset: model.walkthrough.tabOffset).draw(in: room, on: &buffer, model.look)
        if isWide(rect) {
            let side = parts.rest.split(left: room.columns + 2).rest
            TextPane(wantList(columns: side.columns)).draw(in: side, on: &buffer, model.look)
        } else {
            let rows = parts.rest.split(bottom: wantRows(parts.rest)).bottom
            TextPane(wantLines(columns: rows.columns, limit: rows.rows)).draw(in: rows, on: &buffer, model.look)
        }
    }

    /// The lines of the file. They scroll.
    func lines(columns: Int) -> [RichLine] {
        guard let file else { return [RichLine(model.say(.readingFile), model.look[.muted])] }
        guard file.state != .missing else {
            let path = RichLine("\(model.lab.filesFolder)/\(action.path)", model.look[.muted]).wrapped(to: columns)
            return Markdown.lines(model.say(.fileMissing), columns: columns, look: model.look) + [RichLine([])] + path
        }
        return MarkedFile(file, model).lines(columns: columns)
    }

    /// The offset at which the first remark is in sight, with a few lines before it.
    func offset(in rect: Rect) -> Int {
        guard let file, file.state == .own, let line = file.firstRemark else { return 0 }
        let room = fileRect(in: rect)
        let row = MarkedFile(file, model).row(of: line, columns: room.columns)
        let limit = TextPane.limit(lines(columns: room.columns).count, rows: room.rows)
        return row < room.rows / 2 ? 0 : min(limit, max(0, row - 3))
    }

    // MARK: How it stands

    private func headRows(_ rect: Rect) -> Int { rect.rows < 6 ? 1 : head(columns: rect.columns).count + 1 }

    private func head(columns: Int) -> [RichLine] {
        guard let file else { return [] }
        let (mark, role) = mark(file)
        return RichLine([Span(mark + " ", model.look[role]), Span(model.say(FileWords.standing(file)), model.look[.strong])], hanging: 2)
            .wrapped(to: columns)
    }

    private func mark(_ file: ExaminedFile) -> (String, Role) {
        switch file.state {
        case .missing, .template: (model.look.glyphs.waiting, .warning)
        case .reference, .own: file.isFine ? (model.look.glyphs.done, .good) : (model.look.glyphs.failed, .bad)
        }
    }

    // MARK: What the lab wants

    private var ticks: [(want: DockerfileWant, isMet: Bool)] {
        let ticks = file?.review?.ticks ?? []
        return ticks.isEmpty ? action.wants.map { (want: $0, isMet: false) } : ticks.map { (want: $0.want, isMet: $0.isMet) }
    }

    /// The wants, one below the other.
    func wantList(columns: Int) -> [RichLine] { ticks.isEmpty ? [] : [heading] + wants.flatMap { $0.wrapped(to: columns) } }

    /// How many of the wants are met, without the optional ones. Nil if the lab wants nothing.
    var count: (met: Int, all: Int)? {
        let needed = ticks.filter { !$0.want.isOptional }
        return needed.isEmpty ? nil : (needed.count { $0.isMet }, needed.count)
    }

    private var heading: RichLine {
        RichLine(model.say(FileWords.wants(count?.met ?? 0, of: count?.all ?? 0)), model.look[.heading])
    }

    private var wants: [RichLine] {
        ticks.map { want, isMet in
            let mark = isMet ? model.look.glyphs.done : want.isOptional ? model.look.glyphs.open : model.look.glyphs.failed
            let note = want.isOptional ? model.say(FileWords.optional) : ""
            let role: Role = isMet ? .good : want.isOptional ? .muted : .bad
            return RichLine([Span(mark + " ", model.look[role]), Span(model.say(want.text) + note)], hanging: 2)
        }
    }

    private func wantRows(_ rest: Rect) -> Int {
        guard !ticks.isEmpty, !isBeside else { return 0 }
        return min(wantLines(columns: rest.columns, limit: max(1, rest.rows / 2)).count, rest.rows - 1)
    }

    /// A line between, the heading, and the wants side by side. If they take more than `limit` rows, only the heading.
    private func wantLines(columns: Int, limit: Int) -> [RichLine] {
        guard !ticks.isEmpty, columns > 8 else { return [] }
        let title = heading
        let rule = String(repeating: model.look.glyphs.horizontal, count: max(0, columns - title.columns - 1))
        var rows = [RichLine(title.spans + [Span(" " + rule, model.look[.border])])]
        var row: [Span] = []
        var used = 0
        for want in wants {
            let width = want.columns
            if used > 0, used + 3 + width > columns {
                rows.append(RichLine(row, hanging: 2))
                (row, used) = ([], 0)
            }
            row += (used > 0 ? [Span("   ")] : []) + want.spans
            used += (used > 0 ? 3 : 0) + width
        }
        rows.append(RichLine(row, hanging: 2))
        let wrapped = rows.flatMap { $0.wrapped(to: columns) }
        return wrapped.count <= limit ? wrapped : [wrapped[0]]
    }
}
