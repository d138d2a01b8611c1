import ArgumentParser
import LabEngine
import LabReport
import LabSupport

/// `ailab grade`: many reports at once, for the person who marks them.
struct GradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: said("A table of many reports, and which of them to look at.", "汇总多份报告，并指出需要查看的报告。"),
        discussion: said(
            """
            Reads reports in JSON or HTML, and folders of them. Nothing is run, and no workspace is needed.
            It names reports that were changed, share their evidence with others, or contradict themselves (docs/grading.md).
            Exit codes: 0 all were read, 1 some could not be read, 2 wrong usage.
            Example: ailab grade submissions/ --format csv > grades.csv
            """,
            """
            读取 JSON 或 HTML 报告，也可以是存放报告的目录。不执行任何操作，也不需要工作区。
            会指出被修改过、与他人证据相同或自相矛盾的报告（见 docs/grading.md）。
            退出码：0 全部读取成功，1 有报告无法读取，2 用法错误。
            示例：ailab grade submissions/ --format csv > grades.csv
            """))

    @Argument(
        help: help("Reports, or folders with reports.", "报告文件，或存放报告的目录。", valueName: "file"),
        completion: .file(extensions: ["json", "html", "htm"]))
    var files: [String]

    @Option(
        help: help(
            "table, csv, gradescope, canvas, moodle or json (docs/grading.md).",
            "table、csv、gradescope、canvas、moodle 或 json（见 docs/grading.md）。"))
    var format: FormatName = .table

    @Option(help: help("What the whole lab is worth in the lists for course systems.", "供教学平台导入的表格中，整个实验的满分。"))
    var points: Double = 100

    enum FormatName: String, ExpressibleByArgument, CaseIterable {
        case table
        case csv
        case gradescope
        case canvas
        case moodle
        case json
    }

    mutating func validate() throws {
        if !points.isFinite || points <= 0 { throw ValidationError(said("--points takes a number above 0.", "--points 后需要大于 0 的数。")) }
    }

    func run() throws {
        let grading = gradedReports(files)
        let sheet = GradeSheet(grading, language: Console.language, points: points)
        Console.output(sheet.text(GradeFormat(rawValue: format.rawValue) ?? .table))
        for file in grading.rejected {
            Console.error(
                Text(en: "\(file.path): not read: \(file.reason.en)", zh: "\(file.path)：未读取：\(file.reason.zh)")[Console.language])
        }
        if !grading.rejected.isEmpty { throw ExitCodes.failed }
    }
}
