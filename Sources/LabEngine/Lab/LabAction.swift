/// The action of a task. Each case holds the value of one key under `action:`, and its struct has its own file in `Actions/`.
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
    case limits(LabLimitsAction)
    case tune(LabTuneAction)
    case rollout(LabRolloutAction)
    case gpus(LabGPUsAction)
    case group(LabGroupAction)
    case experiment(LabExperimentAction)
    case cluster(LabClusterAction)
}

extension LabAction {
    /// All kinds, in the order in which diagnostics list their keys.
    static let kinds: [any LabActionKind.Type] = [
        LabReadAction.self, LabFactsAction.self, LabImageAction.self, LabFileAction.self, LabBuildAction.self, LabRunAction.self,
        LabShellAction.self, LabExecAction.self, LabContainersAction.self, LabCompareAction.self, LabCopyAction.self, LabFetchAction.self,
        LabServeAction.self, LabArchiveAction.self, LabRegisterAction.self, LabPredictAction.self, LabStopAction.self,
        LabLimitsAction.self, LabTuneAction.self, LabRolloutAction.self, LabGPUsAction.self, LabGroupAction.self,
        LabExperimentAction.self, LabClusterAction.self,
    ]

    /// The value of the case. This is the only switch over all kinds in this room. Everything else is asked of the kind.
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
        case .limits(let kind): kind
        case .tune(let kind): kind
        case .rollout(let kind): kind
        case .gpus(let kind): kind
        case .group(let kind): kind
        case .experiment(let kind): kind
        case .cluster(let kind): kind
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

    /// The parts of the machine that it depends on.
    package var concerns: [LabConcern] { kind.concerns }

    /// The container that it starts. Nil if it starts none.
    package var startedContainer: LabContainer? { kind.startedContainer }

    /// False if it only reads facts, or leaves the result to the student.
    package var hasResult: Bool { kind.hasResult }

    /// Files that a front end shows beside the task.
    package var exhibits: [LabExhibit] { kind.exhibits }

    /// True if the student works at a terminal in its container.
    package var isInteractive: Bool { kind.isInteractive }

    /// The student only reads.
    package var isReading: Bool { if case .read = self { true } else { false } }

    /// True if it measures something that other tasks would change. The run starts no other task meanwhile.
    package var runsAlone: Bool {
        switch self {
        case .limits, .tune, .rollout, .experiment, .cluster: true
        case .read, .facts, .image, .file, .build, .run, .shell, .exec, .containers, .compare, .copy, .fetch, .serve, .archive, .register,
            .predict, .stop, .gpus, .group:
            false
        }
    }

    /// The running containers that it works in. Other tasks start them.
    package func containersUsed(in spec: LabSpec) -> [String] {
        uses(at: LabPath()).compactMap { use in
            switch use.subject {
            case .container(let name): name
            case .server(let name): spec.server(name)?.container
            case .namedImage, .variable, .image, .newContainer, .model, .labFile, .labFolder, .workspacePath, .match, .checksum, .port,
                .inside:
                nil
            }
        }
    }

    /// Everything that it relies on. `path` is the place of `action:`.
    func uses(at path: LabPath) -> [LabUse] { kind.uses(at: path[key]) }

    /// Everything that exists once it's done.
    func makes(in spec: LabSpec) -> [LabUse.Subject] { kind.makes(in: spec) }
}

extension LabAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabAction { try kind.filled(by: template).action }
}
