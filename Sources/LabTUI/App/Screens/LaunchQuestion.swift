import LabEngine
import LabFile
import LabRunner
import LabSupport

/// A run that the student asks for.
package struct LaunchRequest: Sendable, Equatable {
    package var selection: String
    package var auto: Bool
    package var force: Bool

    package init(selection: String, auto: Bool, force: Bool) {
        self.selection = selection
        self.auto = auto
        self.force = force
    }
}

/// The student's files and images that a run would replace, and the question about them.
struct LaunchQuestion {
    private let request: LaunchRequest
    private let model: AppModel
    /// The tasks that it runs, as far as that's known without a look at the machine, in their order.
    let tasks: [LabTask]
    /// Those of them whose result exists and is replaced.
    let replaced: [LabTask]

    init(_ request: LaunchRequest, _ model: AppModel) {
        self.request = request
        self.model = model
        guard let spec = model.lab.spec, let requested = try? LabGraph(spec).select(request.selection) else {
            tasks = []
            replaced = []
            return
        }
        let graph = LabGraph(spec)
        var wanted: Set<TaskID> = []
        func want(_ task: TaskID) {
            guard wanted.insert(task).inserted else { return }
            for need in graph.needs(of: task) where !model.lab.state(of: need).isDone { want(need) }
        }
        for task in requested where request.force || !model.lab.state(of: task).isDone { want(task) }
        // What is made from something that is made anew is made anew, too.
        while let task = requested.first(where: { !wanted.contains($0) && graph.needs(of: $0).contains(where: wanted.contains) }) {
            want(task)
        }
        tasks = spec.tasks.filter { wanted.contains($0.id) }
        replaced = tasks.filter { $0.holdsWork && model.lab.hasResult($0.id) }
    }

    /// Nil if nothing is lost, and everything is built from what the student wrote.
    var confirmation: Confirmation? {
        if request.auto { return isOwn && replaced.isEmpty ? nil : question(Self.unattended(request.selection)) }
        guard !replaced.isEmpty else { return nil }
        return question(Self.again(request.selection))
    }

    /// Every file that the run uses is the student's, and right.
    private var isOwn: Bool {
        tasks.allSatisfy { task in
            guard task.studentFile != nil || task.studentBuild != nil else { return true }
            guard let file = model.lab.examined(task) else { return false }
            return file.state == .own && file.isFine
        }
    }

    private func question(_ title: Text) -> Confirmation {
        var lines = [Self.runs]
        lines += tasks.prefix(Self.listed).map(line)
        if tasks.count > Self.listed { lines.append(Self.more(tasks.count - Self.listed)) }
        if request.auto { lines += [Text(verbatim: ""), Self.doneStays] }
        // Enter may be what asked for the run, and a key that is pressed twice must not replace anything.
        return Confirmation(title: title, lines: lines, answer: .launch(request), needsLetter: !replaced.isEmpty)
    }

    private static let listed = 12

    private func line(_ task: LabTask) -> Text {
        var remarks: [Text] = []
        if replaced.contains(where: { $0.id == task.id }) { remarks.append(Self.replaces) }
        if let file = file(toldOf: task) { remarks.append(FileWords.unattended(file, model.lab.examined(task))) }
        let title = Text(en: "  \(task.id) \(task.title.en)", zh: "  \(task.id) \(task.title.zh)")
        guard let first = remarks.first else { return title }
        let all = remarks.dropFirst().reduce(first) { Text(en: "\($0.en); \($1.en)", zh: "\($0.zh)；\($1.zh)") }
        return Text(en: "\(title.en): \(all.en)", zh: "\(title.zh)：\(all.zh)")
    }

    /// The file to tell about: where it's written, or else where it's built. What stops the run before the build isn't said twice.
    private func file(toldOf task: LabTask) -> String? {
        guard task.studentFile != nil || task.studentBuild != nil, let file = model.lab.spec?.studentFile(usedBy: task) else { return nil }
        if task.studentFile != nil { return request.auto ? file.path : nil }
        let isWritten = tasks.contains { $0.studentFile?.path == file.path }
        let examined = model.lab.examined(task)
        return request.auto && isWritten && (examined?.state != .own || examined?.isFine != true) ? nil : file.path
    }

    // MARK: Words

    private static func unattended(_ step: String) -> Text { Text(en: "Run step \(step) unattended?", zh: "自动运行步骤 \(step)？") }
    private static func again(_ task: String) -> Text { Text(en: "Run \(task) again?", zh: "重新运行 \(task)？") }
    private static func more(_ count: Int) -> Text { Text(en: "  and \(count) more", zh: "  以及另外 \(count) 个小节") }
    private static let runs = Text(en: "It runs:", zh: "将运行：")
    private static let replaces = Text(en: "replaces the result that you have", zh: "会替换已有的结果")
    private static let doneStays = Text(
        en: "Everything else that is done stays as it is. Your own files are never replaced.", zh: "其他已完成的小节保持不变，你自己的文件不会被替换。")
}

extension LabState {
    /// The task was done, and its result may still exist.
    func hasResult(_ task: TaskID) -> Bool {
        switch state(of: task) {
        case .done, .noLonger(.changed): true
        case .noLonger(.gone): false
        case .open, .blocked, .waiting, .running, .failed, .cancelled, .interrupted, .skipped, .read, .unavailable:
            // A later attempt failed. What the earlier one made may be there.
            progress.success(of: task) != nil && progress.records[task]?.standing != .noLonger(.gone)
        }
    }
}
