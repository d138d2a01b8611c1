package import LabFile

/// Which tasks of a lab depend on what.
package struct LabConcerns: Sendable {
    private let spec: LabSpec
    private let graph: LabGraph

    package init(_ spec: LabSpec) {
        self.spec = spec
        graph = LabGraph(spec)
    }

    /// The tasks that depend on one of these, and those that need their results, in the order of the file.
    package func tasks(on concerns: [LabConcern]) -> [TaskID] {
        var found = Set(
            spec.tasks.filter { task in concerns.contains { task.depends(on: $0) } }.map(\.id))
        for task in graph.order where graph.needs(of: task).contains(where: found.contains) {
            found.insert(task)
        }
        return graph.tasks.filter(found.contains)
    }

    /// Every container that the lab starts.
    package var containers: [LabContainer] { spec.tasks.compactMap(\.action.startedContainer) }
    /// Every image that the lab builds, by tag.
    package var builds: [String] {
        spec.tasks.flatMap(\.action.concerns).compactMap {
            if case .build(let tag) = $0 { tag } else { nil }
        }
    }
}

extension LabTask {
    /// Its checks may need the engine even if its action doesn't.
    fileprivate func depends(on concern: LabConcern) -> Bool {
        concern == .engine ? needsEngine : action.concerns.contains(concern)
    }
}
