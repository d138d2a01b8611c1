package import LabFile
package import LabRunner
package import LabSupport

/// The walkthrough on screens with enough room.
package struct WalkthroughView {
    private let model: AppModel

    package init(_ model: AppModel) { self.model = model }

    package func draw(_ layout: WalkthroughLayout, on buffer: inout CellBuffer) {
        HeaderView(model).draw(in: layout.header, on: &buffer)
        if layout.mode == .full { panes(layout, on: &buffer) } else { compact(layout, on: &buffer) }
        FooterView(model).draw(in: layout.footer, on: &buffer)
    }

    private func panes(_ layout: WalkthroughLayout, on buffer: inout CellBuffer) {
        let (state, look) = (model.walkthrough, model.look)
        // Scroll bars lie on these lines.
        Dividers(layout.dividers, rows: layout.header.bottom..<layout.footer.row).draw(on: &buffer, look)
        if !layout.steps.isEmpty { StepList(model).draw(in: layout.steps, on: &buffer) }
        if !layout.explanation.isEmpty {
            let view = ExplanationView(model)
            Rule(view.title, isFocused: state.pane == .explanation).draw(in: layout.explanation, on: &buffer, look)
            TextPane(view.lines(columns: layout.text.columns), offset: state.explanationOffset).draw(in: layout.text, on: &buffer, look)
            CommandStrip(model).draw(in: layout.command, on: &buffer)
        }
        drawLive(layout, on: &buffer)
        if !layout.side.isEmpty { SideView(model).draw(in: layout.side, on: &buffer) }
    }

    /// The pane of the output and the other tabs.
    func drawLive(_ layout: WalkthroughLayout, on buffer: inout CellBuffer) {
        let (state, look) = (model.walkthrough, model.look)
        let view = LiveView(model)
        if layout.mode == .compact, !state.showsText {
            // The scroll bar lies beside the pane.
            let place = layout.body
            buffer.fill(Rect(column: place.column - 1, row: place.row, columns: place.columns + 2, rows: place.rows), look[.text])
            view.draw(in: place, on: &buffer)
        }
        if layout.mode == .full, !layout.live.isEmpty {
            buffer.fill(layout.live, look[.text])
            let bar = TabBar(view.tabNames, active: view.activeTab).columns + CellWidth.of(look.glyphs.running) + 2
            let note = view.note(columns: layout.live.columns - bar - 6)
            Rule(note: note, isFocused: state.pane == .live).draw(in: layout.live, on: &buffer, look)
            tabs(view, in: layout.tabs, on: &buffer)
            if let left = layout.dividers.first { buffer.put(look.glyphs.junctionRight, at: left, layout.live.row, look[.border]) }
            if !layout.side.isEmpty { buffer.put(look.glyphs.junctionLeft, at: layout.live.right, layout.live.row, look[.border]) }
            view.draw(in: layout.body, on: &buffer)
        }
    }

    /// The names of the tabs, on the rule above them.
    private func tabs(_ view: LiveView, in rule: Rect, on buffer: inout CellBuffer) {
        let isFocused = model.walkthrough.pane == .live
        let mark = isFocused ? " " + model.look.glyphs.running : ""
        let bar = TabBar(view.tabNames, active: view.activeTab)
        let place = Rect(column: rule.column + 1, row: rule.row, columns: min(rule.columns - 2, CellWidth.of(mark) + bar.columns), rows: 1)
        buffer.fill(place, model.look[.text])
        buffer.put(mark, at: place.column, place.row, model.look[.borderFocused])
        bar.draw(in: place.split(left: CellWidth.of(mark)).rest, on: &buffer, model.look)
    }

    private func compact(_ layout: WalkthroughLayout, on buffer: inout CellBuffer) {
        StepStrip(model).draw(in: layout.steps, on: &buffer)
        let view = LiveView(model)
        let names = [model.say(.tabText)] + view.tabNames
        let shows = model.walkthrough.showsText
        TabBar(names, active: shows ? 0 : view.activeTab + 1).draw(in: layout.tabs, on: &buffer, model.look)
        if shows {
            let lines = ExplanationView(model).lines(columns: layout.text.columns)
            TextPane(lines, offset: model.walkthrough.explanationOffset).draw(in: layout.text, on: &buffer, model.look)
        } else {
            drawLive(layout, on: &buffer)
        }
        CommandStrip(model).draw(in: layout.command, on: &buffer)
    }
}

/// The symbol, the word and the color of a state. Each alone is enough to recognize it.
package struct StateLabel {
    package let symbol: String
    package let text: Text
    package let role: Role

    /// It's the student's turn.
    package var isWaiting: Bool { text == TaskState.waiting.text }

    /// The state of a task. A file that nobody has written yet is the student's turn, and needs no run that says so.
    package init(_ task: LabTask, _ model: AppModel) {
        let state = model.lab.state(of: task.id)
        self.init(task.studentFile != nil && state == .open ? .waiting : state, model.look.glyphs)
    }

    package init(_ state: TaskState, _ glyphs: Glyphs) {
        text = state.text
        (symbol, role) =
            switch state {
            case .open: (glyphs.open, .muted)
            case .running: (glyphs.running, .running)
            case .done: (glyphs.done, .good)
            case .noLonger, .failed: (glyphs.failed, .bad)
            case .waiting: (glyphs.waiting, .warning)
            case .blocked, .cancelled: (glyphs.stopped, .warning)
            case .interrupted: (glyphs.interrupted, .warning)
            case .skipped, .unavailable: (glyphs.skipped, .muted)
            case .read: (glyphs.done, .muted)
            }
    }
}
