import ArgumentParser
import LabEngine
import LabFile
import LabSupport

/// `ailab lab check FILE`
struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: said("For authors of labs.", "供实验作者使用。"),
        subcommands: [LabCheckCommand.self, LabTestCommand.self, LabNewCommand.self])
}

struct LabCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: said("Find every mistake of a lab file, with line and column.", "找出实验文件中的所有错误，给出行号和列号。"),
        discussion: said("Example: ailab lab check labs/lab5.yaml", "示例：ailab lab check labs/lab5.yaml"))

    @Argument(help: help("The lab file.", "实验文件。"), completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    func run() throws {
        let load = LabSpecLoader.load(path: file)
        for diagnostic in load.diagnostics { Console.output(diagnostic.rendered(Console.language)) }
        if load.isCut {
            Console.error(
                Text(en: "Only the first \(LabReporter.limit) are listed.", zh: "只列出前 \(LabReporter.limit) 处。")[Console.language])
        }
        guard load.errors.isEmpty, let spec = load.spec else { throw ExitCodes.failed }
        let further = (LabSchedulerCheck.diagnostics(spec) + LabSolutionCheck.diagnostics(spec)).sorted()
        for diagnostic in further { Console.output(diagnostic.rendered(Console.language)) }
        guard !further.contains(where: { $0.severity == .error }) else { throw ExitCodes.failed }
        let demands = LabDemands(spec).lines
        if !demands.isEmpty {
            Console.error(Text(en: "This lab asks for:", zh: "该实验需要：")[Console.language])
            for line in demands { Console.error("  " + line[Console.language]) }
        }
        let tasks = spec.tasks.count
        Console.error(
            Text(
                en: "\(file): \(spec.steps.count) steps, \(tasks) sub-steps, no errors.",
                zh: "\(file)：\(spec.steps.count) 个步骤，\(tasks) 个小节，没有错误。")[
                    Console.language])
    }
}
