import LabFile

extension LabReport {
    /// The variables whose values in the runs that count aren't those of the author's name.
    package var strangeValues: [String] {
        let counting = Set(tasks.compactMap { task in task.counted.map { task.attempts[$0].run } })
        let used = runs.filter { counting.contains($0.number) }
        return lab.studentVariables.filter { variable in
            let own = variable.perStudent?.value(of: author, lab: lab.id, variable: variable.name)
            return used.contains { $0.studentValues[variable.name] != own }
        }.map(\.name)
    }
}
