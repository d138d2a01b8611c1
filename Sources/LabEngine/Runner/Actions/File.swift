import DockerfileCheck
import LabFile
import LabSupport

extension LabFileAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        let options = task.run.options
        var file = try StudentFile(self, task.run)
        if file.state == .own, options.usesReference { file = try replace(file, in: task) }
        switch file.state {
        case .missing, .template:
            if options.auto || options.usesReference { return task.emit(.notice(usedReference)) }
            try await offerTemplate(file, in: task)
        case .reference, .own:
            try examine(file, in: task)
            task.emit(.notice(file.state == .own ? Self.usedOwn(file.path) : usedReference))
        }
    }

    /// Puts the reference solution in the place of the student's file, which is saved first.
    private func replace(_ file: StudentFile, in task: TaskContext) throws -> StudentFile {
        let solution = try task.run.labFile(reference).read()
        let copy = try file.save()
        task.created(.file, copy)
        try file.place.write(solution)
        task.notice(
            "file.replaced",
            Text(
                en: "As you asked, the reference solution \(reference) replaces your \(path). Your file is saved as \(copy). "
                    + "To get it back: mv \(copy) \(file.path)",
                zh: "按你的要求，已用参考答案 \(reference) 替换你的 \(path)。你的文件已另存为 \(copy)。要恢复它：mv \(copy) \(file.path)"),
            level: .warning)
        return try StudentFile(self, task.run)
    }

    private func offerTemplate(_ file: StudentFile, in task: TaskContext) async throws {
        if file.state == .missing {
            try file.place.parent?.makeDirectory()
            try file.place.write(try task.run.labFile(template[Language.preferred(in: task.run.environment)]).read())
            task.created(.file, file.path)
        }
        throw WaitsForStudent(
            LabError(
                .studentFile,
                Text(en: "Your file \(file.path) is still the empty template.", zh: "你的文件 \(file.path) 还是未填写的模板。"),
                hint: Text(
                    en: "Fill it in with your editor, then run the step again. `--auto` uses the reference solution instead.",
                    zh: "请用编辑器完成它，然后再次运行本步骤；加 `--auto` 则使用参考答案。")))
    }

    /// Checks what is written. Nothing with an error is done.
    private func examine(_ file: StudentFile, in task: TaskContext) throws {
        guard let review = DockerfileExam(self, in: task.run.spec, builder: task.run.builder)?.review(file.bytes) else { return }
        for notice in review.notices(file.path) { task.emit(.notice(notice)) }
        // The mistakes follow as findings, each with its line.
        for result in review.errors.isEmpty ? review.results : review.wants { task.emit(.check(result)) }
        guard !review.errors.isEmpty else { return }
        guard !task.run.options.auto else { throw DockerfileFault(refused: review, path: file.path, hint: Self.mendHint(file.path)) }
        throw WaitsForStudent(
            review.reason(file.path, hint: Self.mendHint(file.path)), findings: review.shown(review.errors, file.path, besideTicks: true))
    }

    /// What to do about a file with errors. The reference solution comes only if the student asks for it.
    static func mendHint(_ path: String) -> Text {
        Text(
            en: "Correct \(path), then run the step again. In the walkthrough (`ailab`), `h` gives hints. With `--use-reference`, the "
                + "reference solution replaces your file, which is saved beside it.",
            zh: "请修改 \(path)，然后再次运行。在实验界面（`ailab`）中按 `h` 可查看提示。加 `--use-reference` 会用参考答案替换你的文件，并把你的文件另存在旁边。")
    }

    private static func wasReference(_ record: TaskRecord?) -> Bool {
        guard let record, record.success != nil else { return false }
        return record.notices.last { [referenceCode, ownCode].contains($0.code) }?.code == referenceCode
    }

    private var usedReference: Notice {
        Notice(
            level: .info, code: Self.referenceCode,
            text: Text(en: "The reference solution \(reference) is used.", zh: "使用参考答案 \(reference)。"))
    }

    private static func usedOwn(_ path: String) -> Notice {
        Notice(level: .info, code: ownCode, text: Text(en: "Your own \(path) is used.", zh: "使用你自己的 \(path)。"))
    }

    /// Codes of the notices that say whose file is used.
    private static let referenceCode = "file.reference"
    private static let ownCode = "file.student"

    func commands(_ equivalent: Equivalent) -> [[String]] { [] }

    var imagesUsed: [String] { [] }

    /// What the result depends on. What the lab wants of the file isn't part of it: a new rule doesn't undo what was done.
    private struct Hashed {
        var path: String
        var template: String
        var reference: String
    }

    var hashedValue: Any? { Hashed(path: path, template: template.en, reference: reference) }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["host"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? {
        guard let file = try? StudentFile(self, run) else { return TaskLook(checks: [], isLive: false, isDone: false, isByHand: false) }
        let mayUseReference = run.options.auto || run.options.usesReference
        let review =
            file.bytes.isEmpty && file.state != .own
            ? nil : DockerfileExam(self, in: run.spec, builder: run.builder)?.review(file.bytes)
        switch file.state {
        case .missing where !mayUseReference && Self.wasReference(record):
            // An unattended run used the reference solution, and nobody has written anything since. A run that isn't
            // unattended changes nothing about that. A task that needs the file asks for it.
            return TaskLook(checks: [], isLive: false, isDone: true, isByHand: false, notices: [usedReference])
        case .missing, .template:
            let checks = mayUseReference ? [] : review?.results ?? []
            return TaskLook(
                checks: checks, isLive: mayUseReference, isDone: mayUseReference, isByHand: false,
                notices: mayUseReference ? [usedReference] : [])
        case .reference, .own:
            // A file that is to be replaced isn't done, however good it is.
            let isReplaced = file.state == .own && run.options.usesReference
            let isDone = !isReplaced && review?.errors.isEmpty ?? true
            return TaskLook(
                checks: review?.results ?? [], isLive: isDone, isDone: isDone, isByHand: isDone && file.state == .own,
                isOutdated: !isDone && !isReplaced && record?.success != nil,
                notices: (review?.notices(file.path) ?? []) + [file.state == .own ? Self.usedOwn(file.path) : usedReference])
        }
    }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> {
        guard isDone else { return [] }
        let codes = Set(notices.map(\.code))
        if codes.contains(Self.ownCode) { return [.student] }
        if codes.contains(Self.referenceCode) { return [.lab] }
        // Journals of earlier versions, whose unattended runs always used the reference solution.
        return [isAuto ? .lab : .student]
    }
}
