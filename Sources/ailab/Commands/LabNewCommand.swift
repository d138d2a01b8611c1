import ArgumentParser
import Glibc
import LabEngine
import LabFile
import LabSupport

/// `ailab lab new NAME`
struct LabNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: said("Write a small lab that works, to begin with.", "写出一个可以运行的小实验，作为起点。"),
        discussion: said(
            """
            Writes NAME.yaml, and the folder NAME for the lab's other files, into this folder. Nothing that exists is replaced.
            Example: ailab lab new hello && ailab lab test hello.yaml
            """,
            """
            在当前目录写入 NAME.yaml，并创建存放其他文件的 NAME 目录。不会替换已有的内容。
            示例：ailab lab new hello && ailab lab test hello.yaml
            """))

    @Argument(
        help: help("The lab's name: lowercase letters, digits, _ and -.", "实验名称：小写字母、数字、_ 和 -。", valueName: "NAME"))
    var name: String

    mutating func validate() throws {
        guard name.wholeMatch(of: /[a-z][a-z0-9_-]*/) == nil else { return }
        throw ValidationError(
            said(
                "A lab's name is a lowercase letter, then lowercase letters, digits, _ and -.", "实验名称以小写字母开头，其后是小写字母、数字、_ 和 -。"))
    }

    func run() throws {
        let file = "\(name).yaml"
        for path in [file, name] where Files.exists(path) { throw Files.error(EEXIST, path) }
        try Files.write(Array(LabSkeleton.text(named: name).utf8), to: file)
        try Files.makeDirectory(name)
        Console.output(file)
        Console.error(
            Text(
                en: "Change it as you like. `ailab lab check \(file)` finds mistakes, and `ailab lab test \(file)` runs it.",
                zh: "请按需修改。`ailab lab check \(file)` 可找出错误，`ailab lab test \(file)` 会实际运行。")[Console.language])
    }
}
