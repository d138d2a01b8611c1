import ArgumentParser
import LabEngine

/// `ailab lab check FILE`
struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "For authors of labs.", subcommands: [LabCheckCommand.self])
}

struct LabCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find every mistake of a lab file, with line and column.")

    @Argument(help: "The lab file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    func run() throws {
        let load = LabSpecLoader.load(path: file)
        for diagnostic in load.diagnostics { Console.output(diagnostic.rendered(Console.language)) }
        guard load.errors.isEmpty, let spec = load.spec else { throw ExitCode(1) }
        let tasks = spec.tasks.count
        Console.error(
            Text(
                en: "\(file): \(spec.steps.count) steps, \(tasks) sub-steps, no errors.",
                zh: "\(file)：\(spec.steps.count) 个步骤，\(tasks) 个小步骤，没有错误。")[
                    Console.language])
    }
}
