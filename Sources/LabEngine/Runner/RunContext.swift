package import ContainerEngine
package import HTTPTransport
package import HostFacts
package import LabFile
package import LabSupport

/// Everything that the tasks of a run need.
package struct RunContext: Sendable {
    package let engine: RunEngine
    package let http: any HTTPClient
    /// The lab with all variables filled in.
    package let spec: LabSpec
    package let workspace: Workspace
    package let run: Int
    package let options: RunOptions
    /// `cpu` or `gpu`.
    package let device: String
    /// What a container that wants a GPU asks the engine for.
    package let gpus: GPURequest
    private let readNetwork: Lazily<HostNetwork>
    package let environment: [String: String]
    package let journal: JournalWriter
    /// The same lab with other values of its variables (`--set`, `--quick`). Nil if the values aren't valid.
    package private(set) var variant: (@Sendable (_ set: [String: String], _ quick: Bool) -> LabSpec?)?
    /// The lab's variables with their values.
    package private(set) var variables: [String: String] = [:]
    /// Registries that didn't answer in this run. Asking them again would cost the same wait for each image.
    package let silentRegistries = Locked<Set<String>>([])
    /// The hashes of the lab's files.
    let hashes = FileHashes()

    package init(
        engine: RunEngine, http: any HTTPClient, spec: LabSpec, workspace: Workspace, run: Int, options: RunOptions, device: String,
        gpus: GPURequest = .all, network: @autoclosure @escaping @Sendable () -> HostNetwork, environment: [String: String],
        journal: JournalWriter
    ) {
        self.engine = engine
        self.http = http
        self.spec = spec
        self.workspace = workspace
        self.run = run
        self.options = options
        self.device = device
        self.gpus = gpus
        readNetwork = Lazily(network)
        self.environment = environment
        self.journal = journal
    }

    /// Creates a context for a lab as it was read from its file: fills its variables in, and reads the host's network settings.
    package init(
        filling raw: LabSpec, engine: RunEngine, http: any HTTPClient, workspace: Workspace, run: Int, options: RunOptions,
        device: String, gpus: GPURequest = .all, environment: [String: String], journal: JournalWriter
    ) throws {
        let builtIns = BuiltIns.values(workspace, lab: raw, device: device, environment: environment)
        let fill = { @Sendable (set: [String: String], quick: Bool) throws in
            try raw.filled(by: Template(LabVariables.resolve(spec: raw, set: set, quick: quick, builtIns: builtIns)))
        }
        self.init(
            engine: engine, http: http, spec: try fill(options.set, options.quick), workspace: workspace, run: run, options: options,
            device: device, gpus: gpus, network: HostNetwork.read(environment: environment), environment: environment, journal: journal)
        variant = { try? fill($0, $1) }
        let values = try LabVariables.resolve(spec: raw, set: options.set, quick: options.quick, builtIns: builtIns)
        variables = values.filter { builtIns[$0.key] == nil }
    }

    /// A client for the engine. The first caller starts the search. Throws if there is no engine.
    package var docker: DockerClient {
        get async throws { try await engine.client }
    }

    /// The user that containers run as if the lab names none. Nil for the image's own user.
    package var containerUser: String? { engine.containerUser }

    /// The network settings of this machine. They are read when they are needed, because reading the certificate authorities takes as long
    /// as everything else in a look.
    package var network: HostNetwork { readNetwork.value }

    /// The student's files of this lab.
    package var files: String { workspace.files(lab: spec.id) }

    /// A path in the lab's folder.
    package func labFile(_ path: String) -> PathBelow { PathBelow(path, in: spec.directory) }

    /// A path in the student's folder.
    package func workFile(_ path: String) -> PathBelow { PathBelow(path, in: files) }

    /// The labels of everything that a task creates. ailab recognizes its own objects only by them.
    package func labels(_ task: TaskID, fingerprint: String) -> [String: String] {
        [
            Label.lab: spec.id, Label.step: String(task.step), Label.task: task.description, Label.run: String(run),
            Label.workspace: workspace.id, Label.fingerprint: fingerprint,
        ]
    }

    /// The engine's reference for an image of the lab. For an image that tasks make, it's this workspace's image; see `WorkspaceImage`. For
    /// `image:NAME`, it's the image's tag, or its stand-in if only that exists. Any other reference stays the same.
    package func reference(_ name: String) async throws -> String {
        if let image = try await workspaceImage(name) { return image.reference }
        guard let image = spec.namedImage(name) else { return name }
        for tag in image.localTags where try await docker.imageIfPresent(tag) != nil { return tag }
        return image.tag
    }
}

extension LabSpec {
    /// The task that builds an image. The lab's variables are filled in.
    func maker(of image: String) -> TaskID? {
        tasks.first { task in
            if case .build(let build) = task.action { ImageReference(build.tag) == ImageReference(image) } else { false }
        }?.id
    }

    /// The image that `image:NAME` means.
    package func namedImage(_ reference: String) -> LabImage? {
        LabImage.name(in: reference).flatMap { image($0) }
    }
}

extension LabImage {
    /// The Debian release inside, according to its sources. Nil if none of them is a Debian.
    package var debianSuite: String? {
        sources.firstNonNil { if case .debian(let suite, _, _) = $0 { suite } else { nil } }
    }

    /// The references that it can have on the engine, the original first. An adapted image has only one, because the image that it's made
    /// from can't replace it.
    package var localTags: [String] {
        guard !adapted else { return [tag] }
        return [tag]
            + sources.compactMap { source in
                switch source {
                case .pull: nil
                case .debian(_, _, let tag), .busybox(let tag, _, _): tag
                }
            }
    }
}
