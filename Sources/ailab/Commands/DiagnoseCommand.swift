import ArgumentParser
import Diagnosis
import LabEngine
import LabSupport

/// `ailab diagnose [FILE|-]`: the cause of a captured output.
struct DiagnoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose", abstract: "Name the cause of a captured output, show the line that proves it, and give the cure.",
        discussion: """
            Reads a file, or standard input: docker build . 2>&1 | ailab diagnose
            Exit codes: 0 nothing is wrong in it, 1 a failure was found (known or not), 2 wrong use.
            """)

    @Argument(help: "The output of a failed command; - or nothing: standard input.")
    var file: String = "-"

    @Flag(help: "One JSON object: {\"schema\":1,\"findings\":[…]}, best first.")
    var json = false

    @Option(help: "The step or sub-step that failed (4.3): what cannot occur there ranks behind, and commands name it.")
    var step: String?

    @Option(
        name: .customLong("where"),
        help: "Where it failed: build, pull, run, container, train, archive, serve, request, daemon or host; may be repeated.")
    var places: [Symptom.Place] = []

    @Flag(help: "The output is another machine's: show the cures for every distribution and engine.")
    var elsewhere = false

    @Flag(help: "Show all cures, not only the first three.")
    var all = false

    @OptionGroup var lab: LabOptions

    func run() async throws {
        if file == "-", Console.inputIsTerminal {
            Console.error(
                Text(en: "Paste the output, then press Ctrl-D on an empty line.", zh: "请粘贴输出内容，然后在空行按 Ctrl-D。")[Console.language])
        }
        let bytes = try Files.read(file == "-" ? "/dev/stdin" : file)
        let failed = try step.map { OutputDiagnosis.FailedStep(lab: try lab.opened(), selection: $0, labName: lab.typedName) }
        let findings = try await OutputDiagnosis.findings(
            in: bytes, places: places, step: failed, environment: elsewhere ? nil : Console.environment)
        if json {
            Console.output(Finding.json(findings, language: Console.language))
        } else {
            FindingPrinter(language: Console.language, showsAll: all).show(findings)
        }
        if !findings.isEmpty { throw ExitCode(1) }
    }
}

extension Symptom.Place: ExpressibleByArgument {}
