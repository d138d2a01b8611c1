import LabSupport

/// Grades as one JSON object on one line.
struct GradeJSON: Encodable {
    struct Finding: Encodable {
        var code: String
        var text: String
    }

    struct Report: Encodable {
        var author: String
        var file: String
        var lab: String
        var version: String
        var workspace: String
        var done: Int
        var all: Int
        var own: Int
        var reference: Int
        var hints: Int
        var right: Int
        var predictions: Int
        @OrNull var accuracy: Double?
        var seconds: Double
        var cautions: [String]
        var states: [String: String]
        var findings: [Finding]
    }

    struct Rejected: Encodable {
        var file: String
        var reason: String
    }

    private var type = "grades"
    private var reports: [Report]
    private var rejected: [Rejected]

    init(_ grading: Grading) {
        reports = grading.reports.map { report in
            Report(
                author: report.author, file: report.path, lab: report.lab, version: report.version, workspace: report.workspace,
                done: report.done, all: report.all, own: report.own, reference: report.reference, hints: report.hints,
                right: report.right, predictions: report.predictions, accuracy: report.accuracy, seconds: report.seconds,
                cautions: report.cautions, states: Dictionary(report.states.map { ($0.task, $0.state) }) { first, _ in first },
                findings: report.findings.map { Finding(code: $0.code.rawValue, text: $0.text.en) })
        }
        rejected = grading.rejected.map { Rejected(file: $0.path, reason: $0.reason.en) }
    }

    var text: String { JSONText.line(self) }
}
