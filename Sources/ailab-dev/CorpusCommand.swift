import ArgumentParser
import Diagnosis
import FoundationEssentials
import LabFile
import LabSupport

/// `ailab-dev corpus FILE…`: how well the rules name the causes of labelled outputs. `make corpus` calls it.
struct CorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Measure the diagnosis on labelled outputs.")

    @Argument(help: "JSON Lines with the keys id, cause and output.")
    var files: [String]

    @Option(name: .customLong("rules"), parsing: .upToNextOption, help: "Use these rule files instead of the built-in ones.")
    var rules: [String] = []

    @Flag(name: .customLong("where"), help: "Tell the diagnosis where each output comes from.")
    var usesPlaces = false

    @Flag(help: "Print only the cases that were named wrongly.")
    var brief = false

    @Flag(help: "Print the findings of each case as JSON Lines, and no score.")
    var findings = false

    func run() throws {
        let load = SymptomLoader.load(files: try rules.isEmpty ? SymptomLoader.builtInFiles : rules.map { ($0, try Files.text($0)) })
        for diagnostic in load.diagnostics { printError(diagnostic.rendered(.en)) }
        guard load.diagnostics.isEmpty else { throw ExitCode(1) }
        if findings {
            for file in files { try printFindings(of: file, load.symptoms) }
            return
        }
        for file in files { show(file, try score(file, load.symptoms)) }
    }

    private func printFindings(of file: String, _ symptoms: Symptoms) throws {
        let machine = RemedyFacts.read(environment: ProcessInfo.processInfo.environment)
        for item in try CorpusCase.read(Files.text(file)) {
            let places = usesPlaces ? Set([item.place].compactMap(\.self)) : []
            let context = DiagnosisContext(places: places, facts: machine)
            let found = Diagnosis.diagnose(output: item.output, context: context, symptoms: symptoms)
            print(Finding.json(found, of: item.id, language: .en))
        }
    }

    private func score(_ file: String, _ symptoms: Symptoms) throws -> CorpusScore {
        let cases = try CorpusCase.read(Files.text(file))
        let start = ContinuousClock.now
        let score = CorpusScore(cases, symptoms: symptoms, usesPlaces: usesPlaces)
        let lines = cases.reduce(0) { $0 + $1.output.count { $0 == "\n" } + 1 }
        printError("\(file): \(cases.count) outputs, \(lines) lines, \(ContinuousClock.now - start)")
        return score
    }

    private func show(_ file: String, _ score: CorpusScore) {
        if !brief {
            print("     right/cases  label → the cause named first, and how often")
            for (cause, count) in score.causes.sorted(by: { $0.key < $1.key }) {
                let mark = count.right == count.cases ? " " : "✘"
                let counts = "\(Columns.right(count.right, 9))/\(Columns.right(count.cases, 5))"
                print("\(mark)\(counts)  \(cause) → \(named(score.confusion[cause] ?? [:], cause))")
            }
        }
        if !brief { showEnvironments(score) }
        if !score.misses.isEmpty { print("\nwanted → found") }
        for miss in score.misses {
            print("  \(miss.id): \(miss.wanted) → \(miss.found)  «\(miss.evidence.prefix(160))»")
        }
        let named = score.named
        let share = ShownNumber.percent(share: Double(named.right) / Double(max(1, named.cases)), 1)
        print("\n\(named.right) of \(named.cases) with a known cause are right (\(share))")
        for cause in ["none", Finding.unknown] {
            if let count = score.causes[cause] { print("\(count.right) of \(count.cases) labelled `\(cause)` are right") }
        }
    }

    private func showEnvironments(_ score: CorpusScore) {
        print("\n     right/cases  system × engine × phase: wanted → found")
        for (place, count) in score.environments.sorted(by: { $0.key < $1.key }) {
            let wrong = count.wrong.values.reduce(0, +)
            let named = count.wrong.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
            let counts = "\(Columns.right(count.cases - wrong, 9))/\(Columns.right(count.cases, 5))"
            let words = "\(place.system) × \(place.engine) × \(place.phase)"
            print("\(wrong == 0 ? " " : "✘")\(counts)  \(words)\(named.isEmpty ? "" : ": ")\(named.joined(separator: ", "))")
        }
    }

    /// A row of the confusion table: the label itself first, then the others, the most frequent one first.
    private func named(_ row: [String: Int], _ cause: String) -> String {
        let sorted = row.sorted { ($0.key == cause ? 0 : 1, -$0.value, $0.key) < ($1.key == cause ? 0 : 1, -$1.value, $1.key) }
        return sorted.map { $0.key == cause ? "itself \($0.value)" : "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}

/// Numbers in columns.
private enum Columns {
    static func right(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
