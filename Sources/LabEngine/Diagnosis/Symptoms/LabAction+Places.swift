package import LabFile

extension LabAction {
    /// Where a failure of this action can happen, in the words of the rules' `where`. There are several places, because an action does
    /// several things.
    package var places: Set<String> {
        switch self {
        case .read, .file: ["host"]
        case .facts: ["host", "daemon"]
        case .image: ["pull", "build", "host", "daemon"]
        case .build: ["build", "pull", "daemon", "host"]
        case .run, .shell, .compare: ["run", "container", "train", "host", "daemon", "build", "pull"]
        case .exec: ["container", "run", "serve", "host"]
        case .containers, .stop: ["container", "run", "host", "daemon"]
        case .copy: ["container", "host"]
        case .fetch: ["host", "pull", "build", "container"]
        case .serve: ["serve", "run", "container", "host", "daemon", "request"]
        case .archive: ["archive", "container", "host"]
        case .register, .predict: ["request", "serve", "container", "host"]
        }
    }

    /// The container that the action starts. Nil if it starts none.
    package var container: LabContainer? {
        switch self {
        case .run(let container), .compare(let container): container
        case .shell(let action): action.container
        case .serve(let action): action.container
        default: nil
        }
    }
}
