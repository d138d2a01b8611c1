import LabFile
import LabRunner

/// The rectangles of the walkthrough on a screen of a given size.
package struct WalkthroughLayout: Sendable, Equatable {
    package enum Mode: Sendable {
        /// Three panes, and a third column on wide screens.
        case full
        /// A strip instead of the list, and tabs instead of panes.
        case compact
        /// A few lines.
        case linear
        /// One sentence that says that the window is too small.
        case sentence
    }

    package let mode: Mode
    package private(set) var header = Rect(column: 0, row: 0, columns: 0, rows: 0)
    package private(set) var steps = Rect(column: 0, row: 0, columns: 0, rows: 0)
    package private(set) var explanation = Rect(column: 0, row: 0, columns: 0, rows: 0)
    package private(set) var live = Rect(column: 0, row: 0, columns: 0, rows: 0)
    /// The third column, which nothing focuses. Empty on narrower screens.
    package private(set) var side = Rect(column: 0, row: 0, columns: 0, rows: 0)
    /// The columns of the lines between panes.
    package private(set) var dividers: [Int] = []
    package private(set) var footer = Rect(column: 0, row: 0, columns: 0, rows: 0)
    /// The rectangles for the explanation's text, the command, the names of the tabs and the open tab.
    package private(set) var text = Rect(column: 0, row: 0, columns: 0, rows: 0)
    package private(set) var command = Rect(column: 0, row: 0, columns: 0, rows: 0)
    package private(set) var tabs = Rect(column: 0, row: 0, columns: 0, rows: 0)
    package private(set) var body = Rect(column: 0, row: 0, columns: 0, rows: 0)

    package init(_ model: AppModel) {
        let size = model.size
        mode = Self.mode(size)
        let screen = Rect(size)
        switch mode {
        case .full: full(screen, model)
        case .compact: compact(screen, model)
        case .linear:
            text = screen.inset(rows: 2)
            body = text
            footer = screen.split(bottom: 1).bottom
        case .sentence: break
        }
    }

    package static func mode(_ size: Size) -> Mode {
        if size.columns < 40 || size.rows < 8 { return .sentence }
        if size.columns < 60 || size.rows < 15 { return .linear }
        return size.columns >= 100 && size.rows >= 30 ? .full : .compact
    }

    /// From this width on, there is a third column.
    private static let sideFrom = 160

    /// Whether there is a third column, for measurements or for what to read.
    static func hasSide(_ model: AppModel) -> Bool {
        mode(model.size) == .full && model.size.columns >= sideFrom && !model.walkthrough.isZoomed
    }

    private mutating func full(_ screen: Rect, _ model: AppModel) {
        header = screen.split(top: 1).top
        footer = screen.split(bottom: 1).bottom
        let middle = screen.inset(rows: 1)
        if model.walkthrough.isZoomed { return zoomed(middle, model) }
        let quarter = screen.columns / 4
        steps = middle.split(left: min(46, max(36, quarter))).left
        dividers = [steps.right]
        var work = middle.split(left: steps.columns + 1).rest
        if Self.hasSide(model) {
            side = work.split(left: work.columns - min(52, max(40, quarter))).rest
            work = work.split(left: work.columns - side.columns - 1).left
            dividers.append(side.column - 1)
        }
        let parts = work.split(top: explanationRows(work, model))
        place(explanation: parts.top, model)
        place(live: parts.rest)
    }

    /// Bytes of output that count as a few lines.
    private static let shortOutput = 600

    /// The rows that the output has at least if there's something to show in it.
    static func leastOutput(_ size: Size) -> Int { (size.rows - 2) * 2 / 5 - 1 }

    /// The explanation is as high as its text, up to a share that leaves the output enough.
    private func explanationRows(_ room: Rect, _ model: AppModel) -> Int {
        let width = room.columns - 2
        let command = CommandStrip(model).rows(columns: width, limit: Self.commandRows)
        let wanted = 1 + ExplanationView(model).lines(columns: width).count + (command > 0 ? command + 1 : 0)
        let task = model.walkthrough.selected.flatMap { model.lab.spec?.task($0) }
        let record = task.flatMap { model.lab.progress.records[$0.id] }
        let isShort = task?.studentFile == nil && record.map(Self.isShort) ?? true
        // What is only read has no output.
        let fifths = task?.isOnlyRead == true ? 4 : isShort ? 3 : 2
        return min(wanted, max(10, room.rows * fifths / 5))
    }

    /// It has printed little, and there is nothing to draw.
    private static func isShort(_ record: TaskRecord) -> Bool {
        let isRunning = record.began != nil && record.end == nil
        return !isRunning && record.metrics.isEmpty && record.predictions.isEmpty && record.outputLength < shortOutput
    }

    private mutating func zoomed(_ room: Rect, _ model: AppModel) {
        switch model.walkthrough.pane {
        case .steps: steps = room
        case .explanation: place(explanation: room, model)
        case .live: place(live: room)
        }
    }

    private static let commandRows = 3

    private mutating func place(explanation room: Rect, _ model: AppModel) {
        explanation = room
        let parts = room.split(top: 1).rest.split(
            bottom: CommandStrip(model).rows(columns: room.columns - 2, limit: Self.commandRows))
        command = parts.bottom
        text = parts.rest.split(bottom: command.rows > 0 ? 1 : 0).rest.inset(columns: 1)
    }

    private mutating func place(live room: Rect) {
        live = room
        let parts = room.split(top: 1)
        tabs = parts.top
        body = parts.rest.inset(columns: 1)
    }

    private mutating func compact(_ screen: Rect, _ model: AppModel) {
        let top = screen.split(top: 3)
        header = Rect(column: 0, row: 0, columns: screen.columns, rows: 1)
        steps = Rect(column: 0, row: 1, columns: screen.columns, rows: 1)
        tabs = Rect(column: 0, row: 2, columns: screen.columns, rows: 1)
        let lower = top.rest.split(bottom: 1)
        footer = lower.bottom
        let middle = lower.rest.split(bottom: CommandStrip(model).rows(columns: screen.columns - 2, limit: 2))
        command = middle.bottom
        body = middle.rest.inset(columns: 1)
        text = body
    }

    /// The pane that movement keys scroll.
    package func movedPane(_ state: WalkthroughState) -> WalkthroughState.Pane {
        mode == .full ? state.pane : state.showsText ? .explanation : .live
    }

    /// The pane under the mouse.
    package func pane(column: Int, row: Int) -> WalkthroughState.Pane? {
        if steps.contains(column: column, row: row), mode == .full { return .steps }
        if explanation.contains(column: column, row: row) { return .explanation }
        return live.contains(column: column, row: row) ? .live : nil
    }
}
