import LabFile
import LabRunner
package import LabSupport

/// Draws the box for a picture of the student's.
struct PictureView {
    private let model: AppModel
    private let box: PictureBox

    init(_ model: AppModel, _ box: PictureBox) {
        self.model = model
        self.box = box
    }

    private static let rows = 19

    private var rect: Rect {
        Rect(model.size).centered(Size(columns: min(80, model.size.columns), rows: min(Self.rows, model.size.rows)))
    }

    func draw(on buffer: inout CellBuffer) {
        let look = model.look
        buffer.clear(for: rect, look)
        let inside = Frame(model.say(PictureWords.title), isFocused: true).draw(in: rect, on: &buffer, look).inset(columns: 1)
        let parts = inside.split(bottom: 1)
        let head = parts.rest.split(top: 2)
        field(head.top, on: &buffer)
        content(head.rest.split(top: 1).rest, on: &buffer)
        KeyBar(keys).draw(in: parts.bottom, on: &buffer, look)
    }

    private var keys: [(key: String, label: String)] {
        var keys: [(String, Text)] = [(Key.enter.name, PictureWords.ask), (Key.tab.name, PictureWords.complete)]
        if box.models.count > 1 { keys.append(("↑↓", PictureWords.otherModel)) }
        keys.append((Key.escape.name, .keyClose))
        return keys.map { (key: $0.0, label: model.say($0.1)) }
    }

    /// The model, and the line in which the path is typed. Of a long path, the end is in sight.
    private func field(_ rect: Rect, on buffer: inout CellBuffer) {
        let look = model.look
        buffer.put(
            model.say(PictureWords.asked(box.question.model)), at: rect.column, rect.row, look[.muted], limit: rect.columns)
        let label = model.say(PictureWords.path)
        let start = buffer.put(label, at: rect.column, rect.row + 1, look[.muted], limit: rect.columns)
        let text = SafeLines.clean(text: box.text)
        let room = max(1, rect.right - start - 1)
        var shown = text.suffix(room)
        while CellWidth.of(String(shown)) > room { shown = shown.dropFirst() }
        let end = buffer.put(String(shown), at: start, rect.row + 1, look[.strong], limit: room)
        buffer.put(" ", at: end, rect.row + 1, Style(-1, .reverse))
    }

    private func content(_ rect: Rect, on buffer: inout CellBuffer) {
        switch box.state {
        case .typing(let paths): TextPane(paths.isEmpty ? explanation(rect) : list(paths, rect)).draw(in: rect, on: &buffer, model.look)
        case .asking:
            buffer.put(model.say(PictureWords.asking(box.question.model)), at: rect.column, rect.row, model.look[.muted])
        case .answered(.failure(let error)):
            let lines = FailureLines(error, model).lines(columns: rect.columns) + needs(rect.columns)
            TextPane(lines).draw(in: rect, on: &buffer, model.look)
        case .answered(.prediction(let prediction, let picture)):
            PredictionView(prediction, picture, model).draw(in: rect, on: &buffer)
        }
    }

    /// The sub-steps that start the server and load the model, as far as they aren't done.
    private func needs(_ columns: Int) -> [RichLine] {
        let asked = box.question
        let tasks = (model.lab.spec?.tasks ?? []).filter { task in
            let isNeeded =
                switch task.action {
                case .serve(let action): action.server == asked.server
                case .register(let action): action.server == asked.server && action.model == asked.model
                case .read, .facts, .image, .file, .build, .run, .shell, .exec, .containers, .compare, .copy, .fetch, .archive, .predict,
                    .stop, .limits, .tune, .rollout, .gpus, .group, .experiment, .cluster:
                    false
                }
            return isNeeded && !model.lab.state(of: task.id).isDone
        }
        guard !tasks.isEmpty else { return [] }
        return [RichLine([])] + RichLine(model.say(PictureWords.needs(tasks.map(\.id.description)))).wrapped(to: columns)
    }

    private func explanation(_ rect: Rect) -> [RichLine] {
        Markdown.lines(model.say(box.text.isEmpty ? PictureWords.explains : PictureWords.noFile), columns: rect.columns, look: model.look)
    }

    /// The names at the end of the paths, as many as fit.
    private func list(_ paths: [String], _ rect: Rect) -> [RichLine] {
        let fitting = paths.count > rect.rows ? rect.rows - 1 : paths.count
        let lines = paths.prefix(fitting).map { path in
            let isFolder = path.hasSuffix("/")
            let name = SafeLines.clean(text: Files.name(of: path)) + (isFolder ? "/" : "")
            return RichLine(name, model.look[isFolder ? .muted : .text]).truncated(to: rect.columns, ellipsis: model.look.glyphs.ellipsis)
        }
        let rest = paths.count - fitting
        return rest == 0 ? lines : lines + [RichLine(model.say(PictureWords.more(rest)), model.look[.muted])]
    }
}

/// Texts about a picture of the student's.
package enum PictureWords {
    static let title = Text(en: "A picture of your own", zh: "识别你自己的图片")
    static let path = Text(en: "Path: ", zh: "路径：")
    static let ask = Text(en: "ask", zh: "识别")
    static let complete = Text(en: "complete", zh: "补全")
    static let otherModel = Text(en: "other model", zh: "换模型")
    static let explains = Text(
        en: "Type the path of a PNG or JPEG picture. `~/` is your home folder.", zh: "输入 PNG 或 JPEG 图片的路径。`~/` 表示主目录。")
    static let noFile = Text(en: "No picture and no folder begins like this.", zh: "没有以此开头的图片或目录。")
    package static let noModel = Text(en: "This lab has no model to ask.", zh: "这个实验没有可用的模型。")
    package static let howInLines = Text(en: "Type `picture` and the path of a PNG or JPEG file.", zh: "请输入 `picture` 和 PNG 或 JPEG 文件的路径。")

    static func asked(_ model: String) -> Text { Text(en: "Model: \(model)", zh: "模型：\(model)") }
    package static func asking(_ model: String) -> Text { Text(en: "Asking \(model)…", zh: "正在请 \(model) 识别……") }
    static func needs(_ tasks: [String]) -> Text {
        let names = Text.words(tasks)
        return Text(en: "First do \(names.en): they start the server and load the model.", zh: "请先完成 \(names.zh)：它们启动服务器并加载模型。")
    }

    static func more(_ count: Int) -> Text { Text(en: "and \(count) more", zh: "另有 \(count) 个") }
}
