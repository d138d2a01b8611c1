/// What a task does. Each case carries what is behind one key under `action:`; the struct's own file in `Actions/` says what it means.
package enum LabAction: Sendable, Equatable {
    case read(LabReadAction)
    case facts(LabFactsAction)
    case image(LabImageAction)
    case file(LabFileAction)
    case build(LabBuildAction)
    case run(LabRunAction)
    case shell(LabShellAction)
    case exec(LabExecAction)
    case containers(LabContainersAction)
    case compare(LabCompareAction)
    case copy(LabCopyAction)
    case fetch(LabFetchAction)
    case serve(LabServeAction)
    case archive(LabArchiveAction)
    case register(LabRegisterAction)
    case predict(LabPredictAction)
    case stop(LabStopAction)
}

extension LabAction {
    /// Every kind, in the order in which mistakes list their keys.
    static let kinds: [any LabActionKind.Type] = [
        LabReadAction.self, LabFactsAction.self, LabImageAction.self, LabFileAction.self, LabBuildAction.self, LabRunAction.self,
        LabShellAction.self, LabExecAction.self, LabContainersAction.self, LabCompareAction.self, LabCopyAction.self, LabFetchAction.self,
        LabServeAction.self, LabArchiveAction.self, LabRegisterAction.self, LabPredictAction.self, LabStopAction.self,
    ]

    /// What the case carries. This is the only switch over all kinds in this room: whatever is asked of an action is asked of its kind.
    var kind: any LabActionKind {
        switch self {
        case .read(let kind): kind
        case .facts(let kind): kind
        case .image(let kind): kind
        case .file(let kind): kind
        case .build(let kind): kind
        case .run(let kind): kind
        case .shell(let kind): kind
        case .exec(let kind): kind
        case .containers(let kind): kind
        case .compare(let kind): kind
        case .copy(let kind): kind
        case .fetch(let kind): kind
        case .serve(let kind): kind
        case .archive(let kind): kind
        case .register(let kind): kind
        case .predict(let kind): kind
        case .stop(let kind): kind
        }
    }

    /// The keys of `action:`.
    static var decoders: [(key: String, decode: (LabValue) -> LabAction)] {
        kinds.map { kind in (kind.key, { kind.init($0).action }) }
    }
}

extension LabAction {
    /// Its key under `action:`.
    package var key: String { type(of: kind).key }

    /// What of the machine it depends on.
    package var concerns: [LabConcern] { kind.concerns }

    /// The container that it starts; nil if it starts none.
    package var startedContainer: LabContainer? { kind.startedContainer }

    /// False if it only looks at something, or leaves what it made to the student.
    package var hasResult: Bool { kind.hasResult }

    /// Files that a front end shows beside the task.
    package var exhibits: [LabExhibit] { kind.exhibits }

    /// True if the student works at a terminal in its container.
    package var isInteractive: Bool { kind.isInteractive }

    /// What it relies on. `path` is the place of `action:`.
    func uses(at path: LabPath) -> [LabUse] { kind.uses(at: path[key]) }

    /// What exists once it is done.
    func makes(in spec: LabSpec) -> [LabUse.Subject] { kind.makes(in: spec) }
}

extension LabAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabAction { try kind.filled(by: template).action }
}
