package import LabFile
import LabRunner

/// Finds the tasks of a lab that depend on a concern.
package struct LabConcerns: Sendable {
    private let spec: LabSpec
    private let graph: LabGraph

    package init(_ spec: LabSpec) {
        self.spec = spec
        graph = LabGraph(spec)
    }

    /// The tasks that depend on one of these, and the tasks that need their results, in the order of the lab file.
    package func tasks(on concerns: [LabConcern]) -> [TaskID] {
        var found = Set(spec.tasks.filter { task in concerns.contains { task.depends(on: $0) } }.map(\.id))
        for task in graph.order where graph.needs(of: task).contains(where: found.contains) { found.insert(task) }
        return graph.tasks.filter(found.contains)
    }

    /// Every container that the lab starts.
    package var containers: [LabContainer] { spec.tasks.compactMap(\.action.startedContainer) }
    /// Every image that the lab builds, by tag.
    package var builds: [String] { spec.tasks.compactMap(\.action.builtTag) }
}
