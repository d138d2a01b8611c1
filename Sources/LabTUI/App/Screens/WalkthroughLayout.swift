/// The rectangles of the walkthrough on a screen of a given size.
package struct WalkthroughLayout: Sendable, Equatable {
    package enum Mode: Sendable {
        /// Three panes.
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
        case .compact: compact(screen)
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

    private mutating func full(_ screen: Rect, _ model: AppModel) {
        header = screen.split(top: 1).top
        footer = screen.split(bottom: 1).bottom
        let middle = screen.inset(rows: 1)
        if model.walkthrough.isZoomed { return zoomed(middle, model.walkthrough.pane) }
        let parts = middle.split(left: min(58, max(42, screen.columns * 40 / 100)))
        steps = parts.left
        let right = parts.rest.split(top: max(10, middle.rows * 2 / 5))
        place(explanation: right.top)
        place(live: right.rest)
    }

    private mutating func zoomed(_ room: Rect, _ pane: WalkthroughState.Pane) {
        switch pane {
        case .steps: steps = room
        case .explanation: place(explanation: room)
        case .live: place(live: room)
        }
    }

    private mutating func place(explanation room: Rect) {
        explanation = room
        let parts = room.inset(columns: 1, rows: 1).split(bottom: 3)
        text = parts.rest.inset(columns: 1)
        command = parts.bottom
    }

    private mutating func place(live room: Rect) {
        live = room
        let parts = room.inset(columns: 1, rows: 1).split(top: 1)
        tabs = parts.top
        body = parts.rest.inset(columns: 1)
    }

    private mutating func compact(_ screen: Rect) {
        let top = screen.split(top: 3)
        header = Rect(column: 0, row: 0, columns: screen.columns, rows: 1)
        steps = Rect(column: 0, row: 1, columns: screen.columns, rows: 1)
        tabs = Rect(column: 0, row: 2, columns: screen.columns, rows: 1)
        let lower = top.rest.split(bottom: 1)
        footer = lower.bottom
        let middle = lower.rest.split(bottom: 2)
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
