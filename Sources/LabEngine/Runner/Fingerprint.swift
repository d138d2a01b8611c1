package import LabFile
import LabSupport

/// Hashes of what a task's result depends on: a task whose fingerprint is that of its last success need not be done again.
///
/// A success counts also where its run was asked for other values of the variables, as long as this run does not ask for different
/// ones: after a training of five epochs, `step 4` serves that model, and `--quick` is content with a full training. The reverse is
/// not true: what was done quickly does not do for a run that is not quick.
package struct Fingerprints: Sendable {
    private let run: RunContext
    private let graph: LabGraph
    private let successes: [TaskID: TaskRecord.Success]
    /// Of tasks that were looked at or begun in this run, the latest.
    private var standing: [TaskID: String] = [:]

    package init(_ run: RunContext, progress: LabProgress) {
        self.run = run
        graph = LabGraph(run.spec)
        successes = progress.successes
    }

    /// What the task's last success must carry to count: the fingerprint of that success itself where it does.
    package mutating func of(_ id: TaskID) -> String {
        if let known = standing[id] { return known }
        return look(id)
    }

    /// The same, judged anew: what the task needs may have been done again since.
    mutating func look(_ id: TaskID) -> String {
        let needs = needs(of: id).map { ($0, of($0)) }
        var value = hash(run.spec.task(id), needs)
        if let success = successes[id], success.fingerprint != value, let other = variant(success),
            hash(other.task(id), needs) == success.fingerprint
        {
            value = success.fingerprint
        }
        standing[id] = value
        return value
    }

    /// What the task's result will carry that is carried out now.
    mutating func act(_ id: TaskID) -> String {
        let value = hash(run.spec.task(id), needs(of: id).map { ($0, of($0)) })
        standing[id] = value
        return value
    }

    private func needs(of id: TaskID) -> [TaskID] {
        graph.needs(of: id).filter { run.spec.task($0)?.action.hasResult == true }
    }

    /// The lab as the run of a success saw it, under what this run asks for.
    private func variant(_ success: TaskRecord.Success) -> LabSpec? {
        let set = success.options.set.merging(run.options.set) { _, own in own }
        return run.variant?(set, success.options.quick && run.options.quick)
    }

    private func hash(_ task: LabTask?, _ needs: [(id: TaskID, fingerprint: String)]) -> String {
        guard let task else { return "" }
        var text = Canonical.text(of: task.action)
        for file in task.action.runnable.hashedFiles(in: run) { text += "\n\(file.name) \(file.hash)" }
        for need in needs { text += "\n\(need.id) \(need.fingerprint)" }
        return String(SHA256.hex(of: text.utf8).prefix(24))
    }
}
