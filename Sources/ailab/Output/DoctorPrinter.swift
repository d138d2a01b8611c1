import Diagnosis
import Doctor
import LabFile
import LabSupport
import LabTUI

/// The doctor's report as a person reads it: a line a check, only what is wrong unfolded, and a sentence at the end.
struct DoctorPrinter {
    private let report: DoctorReport
    private let spec: LabSpec?
    private let language = Console.language
    /// Nil: nobody looks at columns.
    private let columns: Int?

    /// True to show all cures.
    private let showsAll: Bool

    init(_ report: DoctorReport, spec: LabSpec?, columns: Int? = Console.outputIsTerminal ? Console.columns : nil, showsAll: Bool = false) {
        self.showsAll = showsAll
        self.report = report
        self.spec = spec
        self.columns = columns.map { max(30, $0) }
    }

    var lines: [String] {
        checks + report.findings.flatMap { [""] + unfolded($0) } + ["", bold(DoctorWording.summary(report, of: spec)[language])]
    }

    // MARK: A line a check

    private var checks: [String] {
        var lines: [String] = []
        var told: Set<String> = []
        for result in report.results {
            guard result.standing == .hidden, let parent = result.hiddenBy else {
                lines += line(result.standing, result.id, result.measured[language])
                continue
            }
            guard told.insert(parent).inserted else { continue }
            // What one thing hides is told at once, or a missing card would fill the screen.
            let all = report.results.filter { $0.hiddenBy == parent }
            let reason = Text(en: "because of \(parent)", zh: "原因见 \(parent)")[language]
            lines += line(.hidden, all.map(\.id).joined(separator: " "), reason)
        }
        return lines
    }

    private static let idColumns = 17

    private func line(_ standing: ProbeResult.Standing, _ id: String, _ measured: String) -> [String] {
        let (symbol, word) = DoctorWording.mark(standing)
        let head = "\(symbol) \(word[language].padded(to: language == .zh ? 6 : 8)) "
        let name = CellWidth.of(id) < Self.idColumns ? id.padded(to: Self.idColumns) : id + "  "
        let text = clean(head + name + measured)
        return wrapped(text, hanging: CellWidth.of(head) + Self.idColumns).enumerated().map { index, line in
            index == 0 && (standing == .problem || standing == .advice) ? Style.bold(line) : line
        }
    }

    // MARK: What is wrong

    private func unfolded(_ result: ProbeResult) -> [String] {
        guard let finding = result.finding else { return [] }
        let symbol = DoctorWording.mark(result.standing).symbol
        let blocks = DoctorWording.blocks(finding, of: spec).labelled(result.id)[language]
        var lines = wrapped(clean("\(symbol) \(finding.title[language])  [\(finding.cause)]  \(blocks)"), hanging: 2)
            .map { Style.bold($0) }
        for evidence in finding.evidence { lines += wrapped("  | " + clean(evidence[language]), hanging: 4) }
        lines += wrapped("  " + finding.why[language], hanging: 2)
        let (remedies, others) = FindingPrinter(language: language, showsAll: showsAll).shown(finding.remedies)
        for remedy in remedies { lines += self.remedy(remedy) }
        if others > 0 { lines.append("  " + FindingPrinter.more(others)[language]) }
        return lines
    }

    private func remedy(_ remedy: Remedy) -> [String] {
        FindingPrinter(language: language).lines(remedy).flatMap { line -> [String] in
            // A command stays in one piece: it is there to be copied.
            line.hasPrefix("    ") ? ["  " + line] : wrapped("  " + line, hanging: 4)
        }
    }

    private func wrapped(_ text: String, hanging: Int) -> [String] {
        guard let columns else { return [text] }
        return RichLine([Span(text)], hanging: hanging).wrapped(to: columns).map(\.text)
    }

    private func clean(_ text: String) -> String { SafeLines.clean(text: text) }
    private func bold(_ text: String) -> String { Style.bold(text) }
}
