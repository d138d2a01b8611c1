import ArgumentParser
import LabEngine

/// `ailab diagnose [FILE|-]`: the cause of a captured output.
struct DiagnoseCommand: ParsableCommand {
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

    func run() throws {
        if file == "-", Console.inputIsTerminal {
            Console.error(
                Text(en: "Paste the output, then press Ctrl-D on an empty line.", zh: "请粘贴输出内容，然后在空行按 Ctrl-D。")[Console.language])
        }
        let bytes = try Files.read(file == "-" ? "/dev/stdin" : file)
        let findings = Diagnosis.diagnose(output: CapturedText.decode(bytes), context: try context())
        if json {
            Console.output(Finding.json(findings, language: Console.language))
        } else {
            FindingPrinter(language: Console.language).show(findings)
        }
        if !findings.isEmpty { throw ExitCode(1) }
    }

    private func context() throws -> DiagnosisContext {
        var context = DiagnosisContext(places: Set(places.map(\.rawValue)))
        if !elsewhere { context.facts = .read(environment: Console.environment) }
        guard let step else { return context }
        let spec = try LabSpecLoader.spec(path: lab.labFile())
        let tasks = Set(try LabGraph(spec).select(step))
        if places.isEmpty { for task in spec.tasks where tasks.contains(task.id) { context.places.formUnion(task.action.places) } }
        let builtIns = BuiltIns.values(try lab.workspace(), lab: spec, device: "cpu", environment: Console.environment)
        let variables = try LabVariables.resolve(spec: spec, builtIns: builtIns).filter { name, _ in builtIns[name] == nil }
        context.facts = context.facts.with(["STEP": step], variables: variables)
        return context
    }
}

extension Symptom.Place: ExpressibleByArgument {}

/// Findings as a person reads them.
struct FindingPrinter {
    let language: Language

    func show(_ findings: [Finding]) {
        guard let first = findings.first else {
            return Console.output(Text(en: "Nothing in this output says that something failed.", zh: "这段输出里没有看到任何失败。")[language])
        }
        show(first)
        let others = findings.dropFirst()
        guard !others.isEmpty else { return }
        Console.output("")
        Console.output(Text(en: "Also in this output, mostly as a consequence:", zh: "输出中还有以下问题，多半是上述原因的后果：")[language])
        for finding in others {
            let place = finding.evidence.map { " (\(line($0.line)))" } ?? ""
            Console.output("  · \(finding.title[language]) [\(finding.cause)]\(place)")
        }
    }

    private func show(_ finding: Finding) {
        Console.output(Style.bold("✘ \(finding.title[language])") + "  [\(finding.cause)]")
        if let evidence = finding.evidence { Console.output("  \(line(evidence.line)): \(evidence.text)") }
        for evidence in finding.detail { Console.output("  \(line(evidence.line)): \(evidence.text)") }
        Console.output("")
        Console.output("  " + finding.why[language])
        for remedy in finding.remedies { lines(remedy).forEach { Console.output("  " + $0) } }
    }

    /// One remedy: what, the commands, what they change and how to take it back.
    func lines(_ remedy: Remedy) -> [String] {
        var lines = ["", "→ \(remedy.text[language])\(needs(remedy))"]
        lines += remedy.commands.map { "    \($0)" }
        if !remedy.commands.isEmpty, let changes = remedy.changes {
            lines.append("  " + Text(en: "changes: ", zh: "改动：")[language] + changes[language])
            if let undo = remedy.undo { lines.append("  " + Text(en: "undo: ", zh: "撤销：")[language] + undo[language]) }
        }
        let meanings = remedy.open.compactMap { word in RemedyFacts.Word.meanings[word].map { "\(word) = \($0[language])" } }
        if !meanings.isEmpty { lines.append("  " + meanings.joined(separator: language == .zh ? "；" : "; ")) }
        return lines
    }

    private func line(_ number: Int) -> String { Text(en: "line \(number)", zh: "第 \(number) 行")[language] }

    private func needs(_ remedy: Remedy) -> String {
        guard !remedy.needs.isEmpty else { return "" }
        let words = remedy.needs.map { Self.word($0)[language] }
        return language == .zh ? "（需要：\(words.joined(separator: "、"))）" : " (needs \(words.joined(separator: ", ")))"
    }

    private static func word(_ need: Remedy.Need) -> Text {
        switch need {
        case .root: Text(en: "root", zh: "root 权限")
        case .relogin: Text(en: "a new login", zh: "重新登录")
        case .reboot: Text(en: "a reboot", zh: "重启")
        case .person: Text(en: "somebody else", zh: "他人协助")
        }
    }
}
