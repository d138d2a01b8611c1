package import LabSupport

/// One submitted report: its figures for the table, and what is odd about it.
package struct GradedReport: Sendable, Equatable {
    /// The file's path, as found.
    package var path: String
    package var author: String
    package var workspace: String
    package var lab: String
    package var title: Text
    package var labDigest: String
    package var version: String
    package var done: Int
    package var all: Int
    /// Sub-steps with the student's own file, and with the lab's solution.
    package var own: Int
    package var reference: Int
    package var hints: Int
    package var right: Int
    package var predictions: Int
    package var accuracy: Double?
    package var seconds: Double
    package var cautions: [String]
    /// The state of each sub-step.
    package var states: [(task: String, state: String)]
    package var findings: [GradeFinding]
    /// What only one student's work can have: hashes of journals, and ids of containers.
    var evidence: [String]
    /// The hash of the JSON.
    var digest: String
    /// The values that the lab gave to this student alone.
    var values: StudentValues

    package static func == (a: GradedReport, b: GradedReport) -> Bool { a.path == b.path && a.digest == b.digest }

    /// The share of the sub-steps that are done, 0…1.
    package var share: Double { all > 0 ? min(1, max(0, Double(done) / Double(all))) : 0 }

    init(_ report: SubmittedReport, path: String, digest: String, findings: [GradeFinding]) {
        self.path = path
        self.digest = digest
        self.findings = findings
        values = StudentValues(report)
        author = report.author
        workspace = report.workspace ?? ""
        lab = report.lab.id
        title = Text(en: report.lab.title.en, zh: report.lab.title.zh)
        labDigest = report.lab.digest
        version = report.version
        (done, all) = (report.done, report.all)
        own = report.tasks.count(where: \.ownFile)
        reference = report.tasks.count(where: \.reference)
        hints = report.tasks.reduce(0) { $0.addingReportingOverflow($1.hints?.opened ?? 0).partialValue }
        (right, predictions) = (report.predictions.right, report.predictions.all)
        accuracy = report.accuracy
        seconds = report.seconds
        cautions = report.cautions.map(\.code)
        states = report.tasks.map { ($0.task, $0.state) }
        let heads = report.runs.filter { $0.outcome != "running" }.compactMap { run in run.chain?.head.map { "journal \($0)" } }
        let containers = report.tasks.flatMap(\.attempts).flatMap(\.created).compactMap { made in
            made.kind == "container" ? made.id.map { "container \($0)" } : nil
        }
        evidence = Array(Set(heads + containers + (workspace.isEmpty ? [] : ["workspace \(workspace)"]))).sorted()
    }
}
