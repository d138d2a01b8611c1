package import LabFile
import LabRunner

/// What of the machine a task may depend on. Severity is nothing but this relation: a finding is as grave as the tasks it blocks.
package enum LabConcern: Sendable, Hashable {
    /// Whatever speaks to the engine.
    case engine
    /// Whatever starts a container.
    case containers
    /// An entry of `images:`.
    case image(String)
    /// The build of an image, by its tag.
    case build(String)
    /// Whatever writes files of the student's.
    case workspace
    /// A container that asks for a GPU.
    case gpu
    /// A port of this machine.
    case port(Int)
    /// A container's name.
    case container(String)
    /// A server and what is asked of it.
    case server(String)
}

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
        var found = Set(spec.tasks.filter { task in concerns.contains { task.depends(on: $0) } }.map(\.id))
        for task in graph.order where graph.needs(of: task).contains(where: found.contains) { found.insert(task) }
        return graph.tasks.filter(found.contains)
    }

    /// Every container that the lab starts.
    package var containers: [LabContainer] { spec.tasks.compactMap(\.action.startedContainer) }
    /// Every image that the lab builds, by tag.
    package var builds: [String] { spec.tasks.compactMap(\.action.builtTag) }
}

extension LabTask {
    fileprivate func depends(on concern: LabConcern) -> Bool {
        switch concern {
        case .engine: needsEngine
        case .containers: action.startedContainer != nil || action.builtTag != nil
        case .image(let name): action == .image(name: name)
        case .build(let tag): action.builtTag == tag
        case .workspace: action.writesFiles
        case .gpu: action.startedContainer?.gpu == .auto
        case .port(let port): action.startedContainer?.ports.contains { Int($0.host) == port } ?? false
        case .container(let name): action.startedContainer?.name == name
        case .server(let name): action.asks(name)
        }
    }
}

extension LabAction {
    /// The container that it starts; nil for an action that starts none.
    var startedContainer: LabContainer? {
        switch self {
        case .run(let container), .compare(let container): container
        case .shell(let shell): shell.container
        case .serve(let serve): serve.container
        default: nil
        }
    }

    fileprivate var builtTag: String? { if case .build(let build) = self { build.tag } else { nil } }

    fileprivate var writesFiles: Bool {
        switch self {
        case .file, .fetch: true
        case .copy(let copy): copy.direction == .out
        default: startedContainer?.workspaceFolders.isEmpty == false
        }
    }

    fileprivate func asks(_ server: String) -> Bool {
        switch self {
        case .archive(let archive): archive.server == server
        case .register(let register): register.server == server
        case .predict(let predict): predict.server == server
        default: false
        }
    }
}
