import LabEngine
import LabFile
import LabRunner
import LabSupport

/// Performs the commands on the selected task.
package enum TaskUpdate {
    /// Does something with the selected task. If there's none, says so.
    static func onSelected(_ model: inout AppModel, _ body: (LabTask, inout AppModel) -> [AppEffect]) -> [AppEffect] {
        guard let id = model.walkthrough.selected, let task = model.lab.spec?.task(id) else {
            model.tell(.needTask)
            return []
        }
        return body(task, &model)
    }

    /// Runs the whole step of a task unattended.
    static func auto(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        ask(LaunchRequest(selection: "\(task.id.step)", auto: true, force: false), &model)
    }

    /// Applies the first cure of a task, after a question.
    static func cure(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] { CureUpdate.ask(task.id, &model) }

    /// Enter does what the key bar says.
    static func primary(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        switch PrimaryAction(task, model) {
        case .enterShell(let container): return [.terminal(.attach(container: container))]
        case .showOutput: return WalkthroughUpdate.show(.output, &model)
        case .select(let other, _): return WalkthroughUpdate.select(other, &model)
        case .edit(let file, let line): return edit(file, line: line, model)
        case .run: return run(task, &model)
        case .cure: return CureUpdate.ask(task.id, isEnter: true, &model)
        case .finale: return FinaleUpdate.open(&model)
        }
    }

    static func run(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        let isDone = model.lab.state(of: task.id).isDone
        let request = LaunchRequest(selection: task.id.description, auto: false, force: isDone)
        let isFree = model.lab.isIdle || model.lab.isEnding
        guard let box = QuestionUpdate.box(before: request, task, model), isFree else { return ask(request, &model) }
        model.overlays.append(.question(box))
        return []
    }

    /// Starts the run that a question came before.
    static func start(_ request: LaunchRequest, _ model: inout AppModel) -> [AppEffect] { ask(request, &model) }

    /// Starts a run, after a question if it would replace something.
    private static func ask(_ request: LaunchRequest, _ model: inout AppModel) -> [AppEffect] {
        // A key that comes in the moment in which a run ends isn't lost.
        if model.lab.isEnding {
            model.lab.nextLaunch = request
            model.tell(.launching)
            return []
        }
        guard model.lab.isIdle else {
            model.tell(.alreadyRunning)
            return []
        }
        guard let question = LaunchQuestion(request, model).confirmation else { return launch(request, &model) }
        model.overlays.append(.confirm(question))
        return []
    }

    /// Does what the student agreed to.
    static func agreed(_ answer: Confirmation.Answer, _ model: inout AppModel) -> [AppEffect] {
        switch answer {
        case .start(let effects): return effects
        case .launch(let request): return launch(request, &model)
        case .showSolution(let task): return HintUpdate.agreed(task, &model)
        }
    }

    private static func launch(_ request: LaunchRequest, _ model: inout AppModel) -> [AppEffect] {
        // Another run may have begun while the question was open.
        guard model.lab.isIdle else {
            model.tell(.alreadyRunning)
            return []
        }
        if case .unreachable(let error) = model.lab.engine, needsEngine(request.selection, model) {
            model.tell(error.message, isFailure: true)
        } else {
            model.tell(.launching)
        }
        model.lab.isLaunching = true
        model.walkthrough.followsRun = true
        model.walkthrough.tab = .output
        model.walkthrough.showsText = false
        return [.launch(selection: request.selection, auto: request.auto, force: request.force), .startClock]
    }

    private static func needsEngine(_ selection: String, _ model: AppModel) -> Bool {
        guard let spec = model.lab.spec, let tasks = try? LabGraph(spec).select(selection) else { return true }
        return spec.needsEngine(tasks)
    }

    static func verify(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.state(of: task.id) != .running else {
            model.tell(.alreadyRunning)
            return []
        }
        model.tell(.looking)
        return [.look(task.id)]
    }

    static func edit(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        guard let file = model.lab.spec?.studentFile(usedBy: task) else {
            model.tell(.noEditorFile)
            return []
        }
        return edit(file, line: PrimaryAction.line(task, model), model)
    }

    private static func edit(_ file: LabFileAction, line: Int?, _ model: AppModel) -> [AppEffect] {
        guard let directory = model.lab.spec?.directory else { return [] }
        let path = "\(model.lab.filesFolder)/\(file.path)"
        return [.terminal(.edit(path: path, template: "\(directory)/\(file.template[model.settings.language])", line: line))]
    }

    static func skip(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
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
        case .running, .done, .read, .unavailable:
            model.tell(.nothingToSkip)
            return []
        }
    }

    static func reset(_ task: LabTask, _ model: inout AppModel) -> [AppEffect] {
        guard model.lab.livingRun == nil else {
            model.tell(.alreadyRunning)
            return []
        }
        model.tell(.looking)
        return [.findRemovable(task.id)]
    }

    /// Lists what a reset would remove, and asks.
    static func found(_ objects: [WorkspaceObject], of task: TaskID, _ model: inout AppModel) {
        guard model.lab.isIdle else { return model.tell(.alreadyRunning) }
        // The list took a moment. A question must not open over what the student does now.
        guard model.overlays.isEmpty, model.walkthrough.selected == task else { return }
        let state = model.lab.state(of: task)
        if objects.isEmpty, state == .open || state == .waiting { return model.tell(.resetNothing) }
        model.message = nil
        let lines = objects.map(Phrase.removable)
        let question = Confirmation(
            title: Phrase.resetQuestion(task), lines: lines.isEmpty ? [Text.resetRecord] : lines, answer: .start([.reset([task])]),
            needsLetter: !lines.isEmpty)
        model.overlays.append(.confirm(question))
    }
}
