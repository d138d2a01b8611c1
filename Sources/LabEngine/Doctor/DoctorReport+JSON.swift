import Diagnosis
import LabFile
package import LabSupport

extension DoctorReport {
    /// The output of `ailab doctor --json`: one object on one line.
    package func json(_ language: Language) -> String { JSONText.line(DoctorJSON(self, language)) }
}

private struct DoctorJSON: Encodable {
    @OrNull var lab: String?
    var blocks: Bool
    var problems: Int
    var advice: Int
    var findings: [String]
    var checks: [Check]

    init(_ report: DoctorReport, _ language: Language) {
        lab = report.lab
        blocks = report.blocks
        problems = report.problems.count
        advice = report.advice.count
        findings = report.findings.map(\.id)
        checks = report.results.map { Check($0, language) }
    }

    struct Check: Encodable {
        var id: String
        var title: String
        var standing: String
        var measured: String
        var seconds: Double
        @OrNull var hiddenBy: String?
        @OrNull var finding: Finding?

        init(_ result: ProbeResult, _ language: Language) {
            id = result.id
            title = result.title[language]
            standing = result.standing.rawValue
            measured = result.measured[language]
            seconds = (result.seconds * 1000).rounded() / 1000
            hiddenBy = result.hiddenBy
            finding = result.finding.map { Finding($0, language) }
        }
    }

    struct Finding: Encodable {
        var cause: String
        var title: String
        var why: String
        var evidence: [String]
        var blocks: [TaskID]
        var remedies: [RemedyJSON]

        init(_ finding: DoctorFinding, _ language: Language) {
            cause = finding.cause
            title = finding.title[language]
            why = finding.why[language]
            evidence = finding.evidence.map { $0[language] }
            blocks = finding.blocks
            remedies = finding.remedies.map { RemedyJSON($0, language) }
        }
    }
}
