import LabFile

/// The variables that differ from student to student, and the values that a submitted report used for them.
struct StudentValues: Sendable {
    private var variables: [(name: String, values: LabStudentValues, used: Set<String>)] = []
    private let lab: String

    init(_ report: SubmittedReport) {
        lab = report.lab.id
        let counting = Set(report.tasks.compactMap { task in task.counted.flatMap { _ in task.shown?.run } })
        let runs = report.runs.filter { counting.contains($0.run) }.map { $0.studentValues ?? [:] }
        for variable in report.lab.studentVariables ?? [] {
            guard let values = variable.values else { continue }
            variables.append((variable.name, values, Set(runs.map { $0[variable.name] ?? "" })))
        }
    }

    /// The variables whose values aren't those of this name.
    func strange(for author: String) -> [String] {
        variables.filter { variable in
            guard !variable.used.isEmpty else { return false }
            return variable.used != [variable.values.value(of: author, lab: lab, variable: variable.name)]
        }.map(\.name)
    }

    /// What the report says that the lab has.
    var described: [String] { variables.map { "\($0.name) \($0.values)" } }
}
