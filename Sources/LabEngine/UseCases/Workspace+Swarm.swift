import LabFile
import LabRunner

extension LabTask {
    /// Whether it makes services, and maybe a swarm.
    var usesSwarm: Bool { if case .cluster = action { true } else { false } }
}

extension Workspace {
    /// Whether the journals have a run of a task that uses a swarm. A lab file that can't be read any more may have had one.
    var hasRunOnSwarm: Bool {
        var begun: [String: Set<TaskID>] = [:]
        for folder in runs {
            let events = JournalReader.events(of: folder, types: ["runStarted", "taskStarted"])
            guard case .runStarted(let start)? = events.first?.payload, !start.isMark else { continue }
            begun[start.labFile, default: []].formUnion(events.dropFirst().compactMap(\.task))
        }
        return begun.contains { file, tasks in
            guard !tasks.isEmpty else { return false }
            guard let spec = try? LabSpecLoader.spec(path: file) else { return true }
            return spec.tasks.contains { $0.usesSwarm && tasks.contains($0.id) }
        }
    }
}
