import LabFile
import LabRunner

/// Something on the machine that a task may depend on. A finding is as serious as the tasks that it blocks; there's no other severity.
package enum LabConcern: Sendable, Hashable {
    /// Every task that uses the engine.
    case engine
    /// Every task that starts a container or builds an image.
    case containers
    /// An entry of `images:`.
    case image(String)
    /// The build of an image, by its tag.
    case build(String)
    /// Every task that writes files of the student.
    case workspace
    /// A container that asks for a GPU.
    case gpu
    /// A port of this machine.
    case port(Int)
    /// A container's name.
    case container(String)
    /// A server that a task sends requests to.
    case server(String)
}

extension LabTask {
    func depends(on concern: LabConcern) -> Bool {
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
    /// The container that the action starts, or nil if it starts none.
    var startedContainer: LabContainer? {
        switch self {
        case .run(let container), .compare(let container): container
        case .shell(let shell): shell.container
        case .serve(let serve): serve.container
        default: nil
        }
    }

    var builtTag: String? { if case .build(let build) = self { build.tag } else { nil } }

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
