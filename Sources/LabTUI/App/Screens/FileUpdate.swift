import LabEngine
import LabFile
import LabRunner

/// Takes what the check says about the student's files.
enum FileUpdate {
    static func examined(_ file: ExaminedFile, _ model: inout AppModel) -> [AppEffect] {
        let before = model.lab.studentFiles[file.path]
        model.lab.studentFiles[file.path] = file
        if file.firstRemark != before?.firstRemark || before == nil { reveal(file.path, &model) }
        // The command of a build depends on whose file it uses.
        let isOther = before.map { $0.state != file.state } ?? false
        return look(file.path, model) + (isOther ? [.prepare] : [])
    }

    /// The journals are read, or a run is over. What is known of the files is compared with them now: during a run, no look is recorded.
    static func begun(_ model: AppModel) -> [AppEffect] { model.lab.studentFiles.keys.sorted().flatMap { look($0, model) } }

    /// Scrolls to the first remark, if the file is the selected task's.
    static func reveal(_ path: String, _ model: inout AppModel) {
        guard let pane = FilePane(model), model.walkthrough.tab == .output,
            model.walkthrough.selected.flatMap({ model.lab.spec?.task($0)?.studentFile?.path }) == path
        else { return }
        model.walkthrough.tabOffset = pane.offset(in: WalkthroughLayout(model).body)
    }

    /// If the file has become right, or no longer is, a look at the machine records it, so that every view tells it.
    private static func look(_ path: String, _ model: AppModel) -> [AppEffect] {
        guard model.lab.hasHistory, model.lab.isIdle, model.settings.demoSpeed == nil,
            let file = model.lab.studentFiles[path], let task = model.lab.spec?.tasks.first(where: { $0.studentFile?.path == path })
        else { return [] }
        switch (model.lab.state(of: task.id), file.state) {
        case (.running, _), (.skipped, _): return []
        // An unattended run may have done without the file.
        case (.done, .missing), (.done, .template): return []
        case (.done, .own), (.done, .reference): return file.isFine ? [] : [.look(task.id)]
        case (_, .own): return file.isFine ? [.look(task.id)] : []
        // Whoever copies the solution has to say that they are done.
        case (_, .missing), (_, .template), (_, .reference): return []
        }
    }
}
