package import LabFile
import LabSupport

/// Hashes of everything that a task's result depends on. A task whose fingerprint equals that of its last success doesn't need to run
/// again.
///
/// A success also counts if its run used other values of the variables and this run doesn't ask for different ones. For example, after a
/// training of five epochs, `step 4` serves that model, and `--quick` accepts a full training. The reverse isn't true: a quick result
/// doesn't count for a run that isn't quick.
package struct Fingerprints: Sendable {
    private let run: RunContext
    private let graph: LabGraph
    private let successes: [TaskID: TaskRecord.Success]
    /// The last fingerprints of tasks that were looked at or started in this run.
    private var standing: [TaskID: String] = [:]
    /// Why a task's inputs can't be read. Such a task must not run: what it would use isn't what was asked for.
    private var problems: [TaskID: LabError] = [:]

    package init(_ run: RunContext, progress: LabProgress) {
        self.run = run
        graph = LabGraph(run.spec)
        successes = progress.successes
    }

    /// The fingerprint that the task's last success must have to count. If that success counts, it's the fingerprint of the success itself.
    package mutating func of(_ id: TaskID) -> String {
        if let known = standing[id] { return known }
        return look(id)
    }

    /// The same, computed again, because the tasks that this one needs may have run in the meantime.
    mutating func look(_ id: TaskID) -> String {
        let needs = needs(of: id).map { ($0, of($0)) }
        var value = hash(id, needs)
        if let success = successes[id], success.fingerprint != value, let other = variant(success),
            (try? digest(other.task(id), needs)) == success.fingerprint
        {
            value = success.fingerprint
        }
        standing[id] = value
        return value
    }

    /// The fingerprint of the result of a task that runs now.
    mutating func act(_ id: TaskID) -> String {
        let value = hash(id, needs(of: id).map { ($0, of($0)) })
        standing[id] = value
        return value
    }

    /// Why the task's inputs couldn't be read when its fingerprint was computed.
    func problem(of id: TaskID) -> LabError? { problems[id] }

    private func needs(of id: TaskID) -> [TaskID] {
        graph.needs(of: id).filter { run.spec.task($0)?.action.hasResult == true }
    }

    /// The lab with the variables of a success's run, changed by what this run asks for.
    private func variant(_ success: TaskRecord.Success) -> LabSpec? {
        let set = success.options.set.merging(run.options.set) { _, own in own }
        return run.variant?(set, success.options.quick && run.options.quick)
    }

    private mutating func hash(_ id: TaskID, _ needs: [(id: TaskID, fingerprint: String)]) -> String {
        do {
            let value = try digest(run.spec.task(id), needs)
            problems[id] = nil
            return value
        } catch {
            // A cancelled run compares nothing, and needs no reason.
            problems[id] = error is CancellationError ? nil : LabError(describing: error)
            return Self.unknown
        }
    }

    private func digest(_ task: LabTask?, _ needs: [(id: TaskID, fingerprint: String)]) throws -> String {
        guard let task else { return "" }
        var text = Canonical.text(of: task.action)
        for file in try task.action.runnable.hashedFiles(in: run) { text += "\n\(file.name) \(file.hash)" }
        for need in needs { text += "\n\(need.id) \(need.fingerprint)" }
        return String(SHA256.hex(of: text.utf8).prefix(24))
    }

    /// The fingerprint of a task whose inputs can't be read. No success has it.
    private static let unknown = "unknown"
}
