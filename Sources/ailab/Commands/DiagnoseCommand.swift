import ArgumentParser
import ContainerEngine
import Diagnosis
import HTTPTransport
import LabFile
import LabRunner
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

    @OptionGroup var lab: LabOptions

    func run() async throws {
        if file == "-", Console.inputIsTerminal {
            Console.error(
                Text(en: "Paste the output, then press Ctrl-D on an empty line.", zh: "请粘贴输出内容，然后在空行按 Ctrl-D。")[Console.language])
        }
        let bytes = try Files.read(file == "-" ? "/dev/stdin" : file)
        let findings = Diagnosis.diagnose(output: CapturedText.decode(bytes), context: try await context())
        if json {
            Console.output(Finding.json(findings, language: Console.language))
        } else {
            FindingPrinter(language: Console.language).show(findings)
        }
        if !findings.isEmpty { throw ExitCode(1) }
    }

    private func context() async throws -> DiagnosisContext {
        var context = DiagnosisContext(places: Set(places.map(\.rawValue)))
        if !elsewhere { context.facts = await EngineFinder.facts(http: CurlHTTPClient.shared, environment: Console.environment) }
        guard let step else { return context }
        let spec = try LabSpecLoader.spec(path: lab.labFile())
        let tasks = Set(try LabGraph(spec).select(step))
        if places.isEmpty { for task in spec.tasks where tasks.contains(task.id) { context.places.formUnion(task.action.places) } }
        let builtIns = BuiltIns.values(try lab.workspace(), lab: spec, device: "cpu", environment: Console.environment)
        let variables = try LabVariables.resolve(spec: spec, builtIns: builtIns).filter { name, _ in builtIns[name] == nil }
        let again = lab.lab == "lab5" ? step : "\(step) --lab \(ShellWord.quoted(lab.lab))"
        context.facts = context.facts.with(["STEP": again], variables: variables)
        return context
    }
}

extension Symptom.Place: ExpressibleByArgument {}
