/// Applies movement keys to a pane.
package enum WalkthroughScroll {
    package static func move(_ movement: Movement, _ model: inout AppModel, lines: Int = 1) -> [AppEffect] {
        let layout = WalkthroughLayout(model)
        switch layout.movedPane(model.walkthrough) {
        case .steps: return steps(movement, &model, rows: layout.steps.rows - 2, lines)
        case .explanation:
            let count = ExplanationView(model).lines(columns: layout.text.columns).count
            scroll(movement, &model.walkthrough.explanationOffset, rows: layout.text.rows, count: count, lines)
        case .live where model.walkthrough.tab == .output:
            if let file = FilePane(model) {
                let room = file.fileRect(in: layout.body)
                let count = file.lines(columns: room.columns).count
                scroll(movement, &model.walkthrough.tabOffset, rows: room.rows, count: count, lines)
            } else {
                output(movement, &model, layout, lines)
            }
        case .live:
            let count = LiveView(model).lines(columns: layout.body.columns).count
            scroll(movement, &model.walkthrough.tabOffset, rows: layout.body.rows, count: count, lines)
        }
        return []
    }

    private static func steps(_ movement: Movement, _ model: inout AppModel, rows: Int, _ lines: Int) -> [AppEffect] {
        switch movement {
        case .up: return WalkthroughUpdate.neighbour(-lines, &model)
        case .down: return WalkthroughUpdate.neighbour(lines, &model)
        case .pageUp: return WalkthroughUpdate.neighbour(-max(1, rows), &model)
        case .pageDown: return WalkthroughUpdate.neighbour(max(1, rows), &model)
        case .top: return WalkthroughUpdate.neighbour(-10_000, &model)
        case .bottom: return WalkthroughUpdate.neighbour(10_000, &model)
        case .left, .right: return []
        }
    }

    private static func scroll(_ movement: Movement, _ offset: inout Int, rows: Int, count: Int, _ lines: Int) {
        switch movement {
        case .up: offset -= lines
        case .down: offset += lines
        case .pageUp: offset -= max(1, rows - 1)
        case .pageDown: offset += max(1, rows - 1)
        case .top: offset = 0
        case .bottom: offset = count
        case .left, .right: break
        }
        offset = min(max(0, offset), TextPane.limit(count, rows: rows))
    }

    private static func output(_ movement: Movement, _ model: inout AppModel, _ layout: WalkthroughLayout, _ lines: Int) {
        let log = model.walkthrough.log
        let view = OutputView(model)
        let room = view.logRect(in: layout.body)
        let rows = room.rows
        if let count = view.standIn(in: room)?.count {
            // Above the first line of a card is the output as it was printed.
            let isAbove = model.walkthrough.tabOffset == 0 && [.up, .pageUp, .top].contains(movement) && !log.isEmpty
            if !isAbove { return scroll(movement, &model.walkthrough.tabOffset, rows: rows, count: count, lines) }
        }
        switch movement {
        case .up: model.walkthrough.logView.scroll(-lines, in: log, rows: rows)
        case .down: model.walkthrough.logView.scroll(lines, in: log, rows: rows)
        case .pageUp: model.walkthrough.logView.scroll(-max(1, rows - 1), in: log, rows: rows)
        case .pageDown: model.walkthrough.logView.scroll(max(1, rows - 1), in: log, rows: rows)
        case .top: model.walkthrough.logView.home(log)
        case .bottom: model.walkthrough.logView.follows = true
        case .left: model.walkthrough.logView.left = max(0, model.walkthrough.logView.left - 8)
        case .right: model.walkthrough.logView.left += model.walkthrough.logView.wraps ? 0 : 8
        }
    }
}
