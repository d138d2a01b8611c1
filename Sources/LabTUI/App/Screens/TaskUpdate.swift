import LabEngine
import LabFile
import LabRunner
import LabSupport

/// Performs the commands on the selected task.
package enum TaskUpdate {
    package static func perform(_ command: Command, _ model: inout AppModel) -> [AppEffect] {
        guard let id = model.walkthrough.selected, let task = model.lab.spec?.task(id) else {
            model.tell(.needTask)
            return []
        }
        switch command {
        case .primary: return primary(task, &model)
        case .run: return run(task, &model)
        case .auto: return launch("\(id.step)", auto: true, force: false, &model)
        case .verify: return verify(task, &model)
        case .edit: return edit(task, &model)
        case .hint: return hint(task, &model)
        case .skip: return skip(task, &model)
        case .reset: return reset(task, &model)
        case .cure: return CureUpdate.ask(task.id, &model)
        default: return []
        }
    }

    /// Enter does what fits the task's state.
    private static func primary(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        if let shell = model.lab.progress.records[task.id]?.shell, model.lab.livingRun != nil {
            return [.terminal(.attach(container: shell.container))]
        }
        switch model.lab.state(of: task.id) {
        case .running: return WalkthroughUpdate.show(.output, &model)
        case .done, .read: return WalkthroughUpdate.neighbour(1, &model)
        case .waiting where task.studentFile != nil, .open where task.studentFile != nil: return edit(task, &model)
        case .open, .blocked, .waiting, .noLonger, .failed, .cancelled, .interrupted, .skipped: return run(task, &model)
        }
    }

    private static func run(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        launch(task.id.description, auto: false, force: model.lab.state(of: task.id).isDone, &model)
    }

    private static func launch(_ selection: String, auto: Bool, force: Bool, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.livingRun == nil, !model.lab.isLaunching else {
            model.tell(.alreadyRunning)
            return []
        }
        if case .unreachable(let error) = model.lab.engine, needsEngine(selection, model) {
            model.tell(error.message, isFailure: true)
        } else {
            model.tell(.launching)
        }
        model.lab.isLaunching = true
        model.walkthrough.followsRun = true
        model.walkthrough.tab = .output
        model.walkthrough.showsText = false
        return [.launch(selection: selection, auto: auto, force: force), .startClock]
    }

    private static func needsEngine(_ selection: String, _ model: AppModel) -> Bool {
        guard let spec = model.lab.spec, let tasks = try? LabGraph(spec).select(selection) else { return true }
        return spec.needsEngine(tasks)
    }

    private static func verify(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.state(of: task.id) != .running else {
            model.tell(.alreadyRunning)
            return []
        }
        model.tell(.looking)
        return [.look(task.id)]
    }

    private static func edit(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        guard let file = task.studentFile, let directory = model.lab.spec?.directory else {
            model.tell(.noEditorFile)
            return []
        }
        return [.terminal(.edit(path: "\(model.lab.filesFolder)/\(file.path)", template: "\(directory)/\(file.template)"))]
    }

    private static func hint(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        let shown = model.walkthrough.hints[task.id] ?? 0
        if shown < task.hints.count {
            model.walkthrough.hints[task.id] = shown + 1
        } else if task.studentFile != nil {
            model.walkthrough.showsReference.insert(task.id)
        } else if task.hints.isEmpty {
            model.tell(.noHints)
            return []
        }
        return WalkthroughUpdate.show(.files, &model) + WalkthroughUpdate.showFiles(&model)
    }

    private static func skip(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.livingRun == nil else {
            model.tell(.alreadyRunning)
            return []
        }
        switch model.lab.state(of: task.id) {
        case .skipped:
            model.tell(.unskipped)
            return [.skip(task.id, isSkipped: false)]
        // The selection stays, so that the same key takes it back.
        case .open, .blocked, .waiting, .noLonger, .failed, .cancelled, .interrupted:
            model.tell(.skipped)
            return [.skip(task.id, isSkipped: true)]
        case .running, .done, .read:
            model.tell(.nothingToSkip)
            return []
        }
    }

    private static func reset(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.livingRun == nil else {
            model.tell(.alreadyRunning)
            return []
        }
        model.tell(.looking)
        return [.findRemovable(task.id)]
    }

    /// Lists what a reset would remove, and asks.
    static func found(_ objects: [WorkspaceObject], of task: TaskID, _ model: inout AppModel) {
        guard model.lab.livingRun == nil else { return model.tell(.alreadyRunning) }
        model.message = nil
        let lines = objects.map(Phrase.removable)
        let question = Confirmation(
            title: Phrase.resetQuestion(task), lines: lines.isEmpty ? [Text.resetNothing] : lines, effects: [.reset([task])])
        model.overlays.append(.confirm(question))
    }
}
