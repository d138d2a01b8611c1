import LabFile
import LabSupport

extension LabFileAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let own = task.run.workPath(path)
        if task.run.options.auto {
            task.notice(
                "file.reference",
                Text(
                    en: "Unattended: the reference solution \(reference) is used.", zh: "自动模式：使用参考答案 \(reference)。"))
            return
        }
        let template = try Files.read(task.run.labPath(self.template))
        if !Files.exists(own) {
            try Files.makeDirectory(task.run.files)
            try Files.write(template, to: own)
            task.created(.file, own)
        }
        guard try Files.read(own) == template else { return }
        throw WaitsForStudent(
            LabError(
                "student.file", Text(en: "Your file \(own) is still the empty template.", zh: "你的文件 \(own) 还是未填写的模板。"),
                hint: Text(
                    en: "Fill it in with your editor, then run the step again. `--auto` uses the reference solution instead.",
                    zh: "请用编辑器完成它，然后再次运行本步骤；加 `--auto` 则使用参考答案。")))
    }

    func commands(_ equivalent: Equivalent) -> [[String]] { [] }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { self }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, isRecorded: Bool) async -> TaskLook? {
        let own = run.workPath(path)
        let template = try? Files.read(run.labPath(self.template))
        let isOwn = Files.exists(own) && (try? Files.read(own)) != template
        let isDone = run.options.auto || isOwn
        return TaskLook(checks: [], isLive: isDone, isDone: isDone, isByHand: isOwn)
    }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { isDone ? [isAuto ? .lab : .student] : [] }
}
