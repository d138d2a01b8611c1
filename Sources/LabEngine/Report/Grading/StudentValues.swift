import LabFile

/// The variables that differ from student to student, and the values that a submitted report used for them.
struct StudentValues: Sendable {
    private var variables: [(name: String, values: LabStudentValues, used: Set<String>, tasks: [String])] = []
    private let lab: String

    /// No lab has more. The values of each are compared with those of everybody else in the class.
    private static let limit = 100

    init(_ report: SubmittedReport) {
        lab = report.lab.id
        let runs = Dictionary(report.runs.map { ($0.run, $0.studentValues ?? [:]) }) { first, _ in first }
        for variable in (report.lab.studentVariables ?? []).prefix(Self.limit) {
            guard let values = variable.values else { continue }
            // What a run did without the variable says nothing: the student may have told their name only afterwards.
            let used = report.tasks.filter { task in
                task.counted != nil && variable.tasks?.contains(task.task) ?? true
            }.compactMap { task in task.shown.flatMap { runs[$0.run]?[variable.name] } }
            variables.append((variable.name, values, Set(used), variable.tasks ?? []))
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
    var described: [String] { variables.map { "\($0.name) \($0.values) \($0.tasks)" } }
}
