import LabFile

extension LabReport {
    /// The variables whose values aren't those of the author's name, in the attempts that count.
    package var strangeValues: [String] {
        lab.studentVariables.filter { variable in
            let own = variable.values.value(of: author, lab: lab.id, variable: variable.name)
            return used(variable).contains { $0 != own }
        }.map(\.name)
    }

    /// The values of a variable in the attempts that count, without repetitions. What a run did without the variable says nothing: the
    /// student may have told their name only afterwards.
    func used(_ variable: StudentVariable) -> [String] {
        let runs = tasks.filter { variable.tasks.contains($0.id) }.compactMap { task in task.counted.map { task.attempts[$0].run } }
        return runs.compactMap { run($0)?.studentValues[variable.name] }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
