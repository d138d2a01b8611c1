package import LabFile
import LabRunner
import LabSupport

/// Moves between the tasks, panes and tabs of the walkthrough.
package enum WalkthroughUpdate {
    /// Selects a task and opens its tabs.
    package static func select(_ task: TaskID, _ model: inout AppModel, byRun: Bool = false) -> [AppEffect] {
        guard model.walkthrough.selected != task else { return [] }
        model.walkthrough.selected = task
        model.walkthrough.explanationOffset = 0
        model.walkthrough.tabOffset = 0
        model.walkthrough.followsRun = byRun
        if byRun { model.walkthrough.tab = .output }
        // A task that isn't done yet opens with its explanation, and a running one with its output.
        switch model.lab.state(of: task) {
        case .open, .waiting, .blocked, .skipped, .read: model.walkthrough.showsText = true
        case .running: model.walkthrough.showsText = false
        case .done, .noLonger, .failed, .cancelled, .interrupted, .unavailable: break
        }
        if let file = model.lab.spec?.task(task)?.studentFile { FileUpdate.reveal(file.path, &model) }
        return LogUpdate.open(&model) + showFiles(&model) + diagnose(task, model)
    }

    /// Reads the files and pictures that the task's tabs show.
    package static func showFiles(_ model: inout AppModel) -> [AppEffect] {
        guard let spec = model.lab.spec, let id = model.walkthrough.selected, let task = spec.task(id) else { return [] }
        let helper = spec.helper(of: task)
        let exhibits = task.action.exhibits + (helper.id == task.id ? [] : helper.action.exhibits)
        return exhibits.compactMap { exhibit in
            switch exhibit {
            // They are watched.
            case .own: return nil
            case .reference(let path): return .readFile(PathBelow(path, in: spec.directory))
            case .picture(let name):
                let file = PathBelow(name, in: spec.directory)
                return model.lab.pictures[file.shown] == nil ? .readPicture(file) : nil
            }
        }
    }

    /// Finds out why a task failed, once for each failed run.
    static func diagnose(_ task: TaskID, _ model: AppModel) -> [AppEffect] {
        guard let record = model.lab.progress.records[task], record.phase == .ended(.failed),
            model.lab.findings[task]?.run != record.run
        else { return [] }
        return [.diagnose(OutputRequest(run: record.run, task: task, pieces: record.lastPieces(256 << 10)), failure: record.end?.error)]
    }

    static func pane(_ step: Int, _ model: inout AppModel) -> [AppEffect] {
        let mode = WalkthroughLayout(model).mode
        if mode != .full { return tab(step, &model) }
        let panes = WalkthroughState.Pane.allCases
        let index = panes.firstIndex(of: model.walkthrough.pane) ?? 0
        model.walkthrough.pane = panes[(index + step + panes.count) % panes.count]
        return []
    }

    static func tab(_ step: Int, _ model: inout AppModel) -> [AppEffect] {
        let tabs = WalkthroughState.Tab.allCases
        let index = tabs.firstIndex(of: model.walkthrough.tab) ?? 0
        model.walkthrough.tabOffset = 0
        guard WalkthroughLayout(model).mode != .full else {
            model.walkthrough.tab = tabs[(index + step + tabs.count) % tabs.count]
            return []
        }
        // On small screens the explanation is the first tab.
        let count = tabs.count + 1
        let place = ((model.walkthrough.showsText ? 0 : index + 1) + step + count) % count
        model.walkthrough.showsText = place == 0
        if place > 0 { model.walkthrough.tab = tabs[place - 1] }
        return []
    }

    /// Opens a tab and moves the focus there.
    static func show(_ tab: WalkthroughState.Tab, _ model: inout AppModel) -> [AppEffect] {
        model.walkthrough.tab = tab
        model.walkthrough.showsText = false
        model.walkthrough.tabOffset = 0
        model.walkthrough.pane = .live
        return []
    }

    /// If the task failed, shows why. If that's already shown, or if the task didn't fail, checks the whole machine.
    static func doctor(_ model: inout AppModel) -> [AppEffect] {
        let isShown = model.walkthrough.tab == .diagnosis && !model.walkthrough.showsText
        let task = model.walkthrough.selected
        let failure = task.flatMap { model.lab.progress.records[$0]?.failure }
        let blocker = task.flatMap { model.lab.progress.blocker(of: $0) }
        let hasFailed = failure != nil || blocker != nil || !CureUpdate.findings(model).isEmpty
        guard hasFailed, !isShown else { return DoctorUpdate.open(&model) }
        return show(.diagnosis, &model)
    }

    /// Shows the diagnosis first if it isn't shown.
    static func allCures(_ model: inout AppModel) -> [AppEffect] {
        let isShown = model.walkthrough.tab == .diagnosis && !model.walkthrough.showsText
        model.walkthrough.showsAllCures = !isShown || !model.walkthrough.showsAllCures
        return isShown ? [] : show(.diagnosis, &model)
    }

    static func step(_ number: Int, _ model: inout AppModel) -> [AppEffect] {
        guard let task = model.lab.spec?.tasks.first(where: { $0.id.step == number }) else {
            model.tell(Phrase.notStep(number))
            return []
        }
        return select(task.id, &model)
    }

    static func neighbour(_ step: Int, _ model: inout AppModel) -> [AppEffect] {
        let tasks = model.lab.spec?.tasks ?? []
        guard let index = tasks.firstIndex(where: { $0.id == model.walkthrough.selected }) else { return [] }
        let place = min(tasks.count - 1, max(0, index + step))
        return select(tasks[place].id, &model)
    }

    static func back(_ model: inout AppModel) -> [AppEffect] {
        if !model.walkthrough.logView.search.isEmpty {
            model.walkthrough.logView.search = ""
            model.walkthrough.logView.match = nil
        } else if model.walkthrough.logView.filter.isOn {
            OutputUpdate.filter("", &model)
        } else if model.walkthrough.isZoomed {
            model.walkthrough.isZoomed = false
        } else {
            model.walkthrough.pane = .steps
            model.walkthrough.showsText = true
        }
        return []
    }

    package static func mouse(_ mouse: Mouse, _ model: inout AppModel) -> [AppEffect] {
        guard model.overlays.isEmpty else { return [] }
        let layout = WalkthroughLayout(model)
        if let pane = layout.pane(column: mouse.column, row: mouse.row) { model.walkthrough.pane = pane }
        switch mouse.action {
        case .wheelUp: return WalkthroughScroll.move(.up, &model, lines: 3)
        case .wheelDown: return WalkthroughScroll.move(.down, &model, lines: 3)
        case .press:
            guard model.walkthrough.pane == .steps, let task = StepList(model).task(at: mouse.row, in: layout.steps) else { return [] }
            return select(task, &model)
        }
    }
}
