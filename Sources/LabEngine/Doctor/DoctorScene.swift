package import ContainerEngine
package import Diagnosis
package import HTTPTransport
package import HostFacts
package import LabFile
package import LabRunner
package import LabSupport

/// What the probes look at: this machine, or a simulated one in tests. Facts that several probes need are gathered once.
package struct DoctorScene: Sendable {
    /// The terminal that the program runs on.
    package struct Terminal: Sendable, Equatable {
        package var columns: Int
        package var rows: Int

        package init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    package let environment: [String: String]
    package let root: HostRoot
    package let http: any HTTPClient
    /// Where to look for an engine.
    package let discovery: EngineDiscovery
    /// The lab as its file has it (`raw`) and with its variables filled in (`spec`). Nil if there's no lab to check.
    package let raw: LabSpec?
    package let spec: LabSpec?
    /// The workspace's folder. It might not exist yet.
    package let home: String
    /// The requested device. A missing GPU blocks only a run that asks for one.
    package let device: RunOptions.Device
    package let places: DoctorPlaces
    /// Nil if the program doesn't run on a terminal.
    package let terminal: Terminal?
    let facts: SceneFacts
    private let options: RunOptions

    package init(
        environment: [String: String], home: String, lab: LabSpec?, options: RunOptions = RunOptions(),
        terminal: Terminal? = nil, root: HostRoot = .machine, http: any HTTPClient = CurlHTTPClient.shared,
        discovery: EngineDiscovery? = nil, places: DoctorPlaces? = nil
    ) {
        let network = HostNetwork.read(environment: environment, root: root)
        let discovery = discovery ?? EngineFinder.discovery(environment)
        let found = places ?? DoctorPlaces(network)
        self.environment = environment
        self.root = root
        self.http = http
        self.discovery = discovery
        self.home = home
        self.terminal = terminal
        self.options = options
        device = options.device
        self.places = found
        raw = lab
        spec = lab.flatMap { Self.filled($0, home: home, options: options, environment: environment) }
        facts = SceneFacts(
            environment: environment, home: home, root: root, http: http, network: network, discovery: discovery, places: found)
    }

    /// The same machine with no facts gathered yet, and with an environment that a cure may have changed.
    package func with(environment: [String: String]) -> DoctorScene {
        var discovery = discovery
        discovery.environment = environment
        return DoctorScene(
            environment: environment,
            home: environment["AILAB_HOME"] == self.environment["AILAB_HOME"] ? home : Workspace.defaultRoot(environment: environment),
            lab: raw, options: options, terminal: terminal, root: root, http: http, discovery: discovery, places: places)
    }

    /// The engine that responds. Cures ask it before they change something.
    package func connect() async throws -> DockerClient { try await docker() }

    /// Nil if the variables can't be filled in. The doctor must work with a faulty lab file, too.
    private static func filled(_ lab: LabSpec, home: String, options: RunOptions, environment: [String: String]) -> LabSpec? {
        let builtIns = [
            "user": BuiltIns.user(environment), "student": StudentName.read(home, environment: environment),
            "workspace": "\(home)/work/\(lab.id)", "lab": lab.directory, "device": options.device == .gpu ? "gpu" : "cpu",
            "run": "doctor",
        ]
        let values = try? LabVariables.resolve(spec: lab, set: options.set, quick: options.quick, builtIns: builtIns)
        return values.flatMap { try? lab.filled(by: Template($0)) }
    }

    var network: HostNetwork { facts.network }
    var concerns: LabConcerns? { spec.map { LabConcerns($0) } }
    /// The workspace's id, which labels what it creates. Nil until the workspace exists.
    var workspaceID: String? { (try? Files.text("\(home)/id")).map { String($0.prefix { !$0.isWhitespace }) } }

    func host() async throws -> HostFacts { try await facts.host.value() }
    func search() async throws -> EngineSearch { try await facts.search.value() }
    func docker() async throws -> DockerClient { try await facts.docker.value() }
    func info() async throws -> EngineInfo { try await facts.info.value() }
    func containers() async throws -> [ContainerSummary] { try await facts.containers.value() }
    func images() async throws -> [ImageSummary] { try await facts.images.value() }

    /// True if ailab created the container in this workspace.
    func isOwn(_ container: ContainerSummary) -> Bool {
        guard let workspaceID else { return false }
        return container.names.contains { Label.isOwn($0, container.labels, workspace: workspaceID) }
    }

    /// True if the engine uses this machine's files and ports. False for Docker Desktop and for an engine on another machine.
    func engineIsLocal() async throws -> Bool {
        let docker = try await docker()
        guard case .unix = docker.endpoint else { return false }
        let info = try await info()
        // A forwarded socket looks like a local one.
        guard RemoteEngine.host(endpoint: docker.endpoint, info: info, this: .this) == nil else { return false }
        return EngineKind(ping: docker.ping, info: info).isDesktop != true
    }
}

extension DoctorScene {
    /// A finding with the texts and cures of the rule for `cause`.
    ///
    /// - Parameters:
    ///   - fill: Values for the placeholders in the cures' commands.
    ///   - quoted: Values that somebody else chose, such as a container's name. A person must approve a command that contains one.
    ///   - first: Cures that fit better than the rule's, and come before them.
    ///   - keep: Drops the rule's cures that don't fit here.
    package func found(
        _ cause: String, _ measured: Text, evidence: [Text] = [], concerns: [LabConcern] = [], fill: [String: String] = [:],
        quoted: [String: String] = [:], first: [Remedy] = [], keep: (Remedy) -> Bool = { _ in true }
    ) async -> ProbeVerdict {
        let symptom = SymptomLoader.builtIn[cause]
        let blocks = concerns.isEmpty ? [] : self.concerns?.tasks(on: concerns) ?? []
        var fill = fill
        fill["STEP"] = fill["STEP"] ?? blocks.first?.description ?? "all"
        let known = (try? await facts.remedies.value()) ?? .unknown
        let general = symptom?.remedies(known.with(fill.filter { RemedyFacts.Word.isHarmless($0.value) }), quoted: quoted) ?? []
        let finding = DoctorFinding(
            cause: cause, title: known.spoken(symptom?.title ?? Text(verbatim: cause)), why: known.spoken(symptom?.why ?? measured),
            evidence: (evidence.isEmpty ? [measured] : evidence).map(known.spoken),
            remedies: first.map(known.spoken) + general.filter { $0.applies && keep($0) },
            blocks: blocks, after: symptom?.after ?? [])
        return ProbeVerdict(standing: .found(finding), measured: known.spoken(measured))
    }
}
