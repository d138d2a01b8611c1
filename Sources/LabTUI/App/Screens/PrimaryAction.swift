import LabEngine
package import LabFile
import LabRunner
package import LabSupport

/// What Enter does now. The key bar says it in the same words, so that nobody has to guess.
package enum PrimaryAction: Sendable, Equatable {
    case enterShell(container: String)
    case showOutput
    /// Goes to another task.
    case select(TaskID, Reason)
    case edit(LabFileAction, line: Int?)
    case run
    /// Shows the cure that is proposed, and asks.
    case cure
    /// Shows what came of the whole lab.
    case finale

    /// Why another task comes first.
    package enum Reason: Sendable {
        case next
        case isRunning
        case isNeeded
        case isLeft
    }

    package init(_ task: LabTask, _ model: AppModel) {
        let record = model.lab.progress.records[task.id]
        if let shell = record?.shell, model.lab.livingRun != nil {
            self = .enterShell(container: shell.container)
            return
        }
        switch model.lab.state(of: task.id) {
        case .running: self = Self.whileRunning(task, model)
        case .done, .read, .unavailable: self = Self.next(after: task, model)
        case .blocked(let blocker): self = .select(blocker, .isNeeded)
        case .failed: self = Self.afterFailure(task, model)
        // A question was asked: running it again would only ask once more.
        case .waiting where CureUpdate.remedy(of: task.id, model) != nil: self = .cure
        case .open, .waiting, .noLonger, .cancelled, .interrupted, .skipped: self = Self.begin(task, model)
        }
    }

    private static func whileRunning(_ task: LabTask, _ model: AppModel) -> PrimaryAction {
        let isWatched = model.walkthrough.tab == .output && !model.walkthrough.showsText
        guard isWatched else { return .showOutput }
        // What runs needs nobody: the next task can be read meanwhile. The results of the last one aren't there yet.
        let next = next(after: task, model)
        if case .finale = next { return .showOutput }
        return next
    }

    private static func next(after task: LabTask, _ model: AppModel) -> PrimaryAction {
        let tasks = model.lab.spec?.tasks ?? []
        if let index = tasks.firstIndex(where: { $0.id == task.id }), tasks.indices.contains(index + 1) {
            return .select(tasks[index + 1].id, .next)
        }
        if let left = tasks.first(where: { !model.lab.state(of: $0.id).isSettled }), left.id != task.id { return .select(left.id, .isLeft) }
        return .finale
    }

    private static func begin(_ task: LabTask, _ model: AppModel) -> PrimaryAction {
        if let file = task.studentFile {
            guard let examined = model.lab.examined(task), examined.isFine else { return .edit(file, line: line(task, model)) }
        } else if let other = unfinished(task, model) {
            return other
        }
        if let working = model.lab.progress.working.last { return .select(working, .isRunning) }
        return .run
    }

    /// A build needs the student's file first.
    private static func unfinished(_ task: LabTask, _ model: AppModel) -> PrimaryAction? {
        guard task.studentBuild != nil, let file = model.lab.spec?.studentFile(usedBy: task), let examined = model.lab.examined(task),
            !examined.isFine
        else { return nil }
        switch examined.state {
        case .missing, .template:
            return model.lab.spec?.author(of: file).flatMap { author in
                // An unattended run may have done without the file.
                model.lab.state(of: author.id).isSettled ? nil : .select(author.id, .isNeeded)
            }
        case .reference, .own: return .edit(file, line: examined.firstError)
        }
    }

    private static func afterFailure(_ task: LabTask, _ model: AppModel) -> PrimaryAction {
        if let file = task.studentFile, model.lab.examined(task)?.isFine != true { return .edit(file, line: line(task, model)) }
        if let fault = BuildFault(task, model), fault.isOfFile, !fault.isEdited || !fault.file.isFine,
            let file = model.lab.spec?.studentFile(usedBy: task)
        {
            return .edit(file, line: fault.line)
        }
        if let working = model.lab.progress.working.last { return .select(working, .isRunning) }
        if let file = CureUpdate.file(of: task, model) { return .edit(file, line: nil) }
        let isBuiltAnew = BuildFault(task, model)?.isEdited == true
        return CureUpdate.remedy(of: task.id, model) != nil && !isBuiltAnew ? .cure : .run
    }

    /// The line at which an editor opens the file of a task.
    static func line(_ task: LabTask, _ model: AppModel) -> Int? {
        if let fault = BuildFault(task, model) { return fault.line }
        return model.lab.examined(task)?.firstError
    }
}

extension PrimaryAction {
    /// What it will do, in a few words.
    package func label(_ task: LabTask, _ model: AppModel) -> Text {
        switch self {
        case .enterShell: Text(en: "enter the shell", zh: "进入 shell")
        case .showOutput: Text(en: "watch the output", zh: "查看输出")
        case .select(let other, let reason): Self.going(to: other, reason)
        case .edit(let file, let line): Self.editing(file, line, model)
        case .run: Self.running(task, model.lab.state(of: task.id))
        case .cure: Text(en: "see the cure", zh: "查看解决办法")
        case .finale: Text(en: "see your results", zh: "查看实验结果")
        }
    }

    private static func going(to task: TaskID, _ reason: Reason) -> Text {
        switch reason {
        case .next: Text(en: "go on to \(task)", zh: "继续 \(task)")
        case .isRunning: Text(en: "watch \(task), which runs", zh: "查看正在运行的 \(task)")
        case .isNeeded: Text(en: "go to \(task), which comes first", zh: "先完成 \(task)")
        case .isLeft: Text(en: "go to \(task), which is left", zh: "完成剩下的 \(task)")
        }
    }

    private static func editing(_ file: LabFileAction, _ line: Int?, _ model: AppModel) -> Text {
        switch model.lab.studentFiles[file.path]?.state {
        case .missing?, .template?, nil: Text(en: "write your \(file.path)", zh: "编写 \(file.path)")
        case .own?, .reference?:
            line.map { Text(en: "edit at line \($0)", zh: "编辑第 \($0) 行") }
                ?? Text(en: "edit your \(file.path)", zh: "编辑 \(file.path)")
        }
    }

    private static func running(_ task: LabTask, _ state: TaskState) -> Text {
        let what = task.doing
        switch state {
        case .failed, .cancelled, .interrupted, .noLonger: return Text(en: "\(what.en) again", zh: "重新\(what.zh)")
        case .open, .blocked, .waiting, .running, .done, .skipped, .read, .unavailable: return what
        }
    }
}

extension LabTask {
    /// What running it does.
    package var doing: Text {
        switch action {
        case .read: Text(en: "mark it as read", zh: "标记为已读")
        case .facts: Text(en: "examine this machine", zh: "查看本机")
        case .image: Text(en: "get the image", zh: "获取镜像")
        case .file(let file): Text(en: "check your \(file.path)", zh: "检查 \(file.path)")
        case .build: studentBuild == nil ? Text(en: "build the image", zh: "构建镜像") : Text(en: "build your image", zh: "构建你的镜像")
        case .run: Text(en: "run the container", zh: "运行容器")
        case .shell: Text(en: "start a shell", zh: "启动 shell")
        case .exec: Text(en: "run it in the container", zh: "在容器中运行")
        case .containers: Text(en: "list the containers", zh: "列出容器")
        case .compare: Text(en: "compare them", zh: "进行比较")
        case .copy: Text(en: "copy the files", zh: "复制文件")
        case .fetch: Text(en: "download the files", zh: "下载文件")
        case .serve: Text(en: "start the server", zh: "启动服务器")
        case .archive: Text(en: "package the model", zh: "打包模型")
        case .register: Text(en: "load the model", zh: "加载模型")
        case .predict: Text(en: "ask the model", zh: "请模型识别")
        case .stop: Text(en: "stop the server", zh: "停止服务器")
        case .limits: Text(en: "run it under limits", zh: "在限制下运行")
        case .tune: Text(en: "measure it", zh: "进行测量")
        case .rollout: Text(en: "roll out version 2", zh: "发布新版本")
        case .gpus: Text(en: "ask for a GPU", zh: "请求 GPU")
        case .group: Text(en: "start the containers", zh: "启动这些容器")
        case .experiment: Text(en: "run the experiment", zh: "进行实验")
        case .cluster: Text(en: "run it on a cluster", zh: "在集群上运行")
        }
    }
}
