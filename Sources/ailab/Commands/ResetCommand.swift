import ArgumentParser
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// `ailab reset 2.4`: takes away what a step made, so that it begins anew.
struct ResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: said("Take away what a step made, so that it begins anew.", "删除某个步骤的成果，以便重新开始。"),
        discussion: said(
            """
            Shows what goes and asks once. Only containers and images that ailab made in this workspace for that step are removed, and the \
            files that its checks name; Dockerfiles that you wrote stay. Later steps keep what they have: `verify` tells which of them no \
            longer hold.
            Example: ailab reset 2.4
            """,
            """
            先列出将删除的内容并询问一次。只删除 ailab 在本工作区为该步骤创建的容器和镜像，以及其检查所指的文件；你自己写的 Dockerfile 会保留。\
            后面步骤的成果不受影响：`verify` 会指出哪些不再成立。
            示例：ailab reset 2.4
            """))

    @Argument(
        help: help("Step (3), sub-step (4.5), range (2-4) or all.", "步骤（3）、小步骤（4.5）、范围（2-4）或 all。"), completion: LabOptions.stepCompletion)
    var selection: String

    @Flag(name: .shortAndLong, help: help("Do not ask.", "不询问确认。"))
    var yes = false

    @Flag(help: help("One JSON object for everything removed, on standard output, and nothing else.", "标准输出只含 JSON，每个删除项一个对象。"))
    var json = false

    @OptionGroup var lab: LabOptions
    @OptionGroup var settings: SettingFlags

    func run() async throws {
        let workspace = try lab.workspace()
        let file = try lab.labFile()
        let spec = try LabSpecLoader.spec(path: file)
        let asked = try LabGraph(spec).select(selection)
        if let holder = WorkspaceLock.holder(of: workspace) { throw WorkspaceLock.busy(holder) }
        let progress = LabProgress(workspace, spec)
        let options = settings.applied(to: progress.options)
        let inspection = try await LabInspection(
            spec, workspace, progress: progress, options: options, environment: Console.environment)
        let tasks = inspection.run.spec.tasks.filter { asked.contains($0.id) }
        let reset = LabReset(workspace, inspection, environment: Console.environment)
        let found = try await reset.find(Set(asked))
        let removal = Removal(found, isJSON: json)
        removal.show()
        if !json { tellOwnFiles(tasks) }
        let needsAgreement = !found.isEmpty
        guard try !needsAgreement || removal.isAgreed(yes: yes) else {
            return Console.error(Words(language: Console.language).nothingRemoved)
        }
        let left = try await reset.carryOut(asked, found)
        removal.report(left, isDone: true)
        if !json { Console.output(Words(language: Console.language).tasksForgotten(asked)) }
        guard left.isEmpty else { throw ExitCodes.failed }
    }

    private func tellOwnFiles(_ tasks: [LabTask]) {
        for exhibit in tasks.flatMap(\.action.exhibits) {
            if case .own(let path) = exhibit { Console.error(Words(language: Console.language).ownFileStays(path)) }
        }
    }
}
