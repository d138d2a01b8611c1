import LabSupport

/// `cluster:` — runs a container as a replicated service of a swarm, while load checks each answer: an update, a replica that dies, and the
/// same update without a health check. Service, network and a swarm that was begun for it are gone in the end.
package struct LabClusterAction: Sendable, Equatable {
    /// The variable with which the student allows to begin a swarm on their engine, if its value is `yes`.
    package var begin: String
    /// The name of the overlay network.
    package var network: String
    /// One of the service's containers. Its name is that of the service, by which the network's other containers find it.
    package var service: LabContainer
    package var replicas: Int
    /// Succeeds in a container if it can serve.
    package var ready: [String]
    /// How long a container may take until then, in seconds.
    package var start: Int
    /// What an update adds to the container's environment.
    package var update: [String: String]
    /// The container in the network through which requests come in. Its first port is theirs.
    package var entry: LabContainer
    /// The model that is asked.
    package var model: String
    /// Requests per second.
    package var rate: String
    /// How long the service is measured before anything happens, in seconds.
    package var seconds: String
    package var cases: [LabPredictionCase]
    /// The workspace path of the results.
    package var results: String

    package init(
        begin: String, network: String, service: LabContainer, replicas: Int, ready: [String], start: Int, update: [String: String],
        entry: LabContainer, model: String, rate: String, seconds: String, cases: [LabPredictionCase], results: String
    ) {
        self.begin = begin
        self.network = network
        self.service = service
        self.replicas = replicas
        self.ready = ready
        self.start = start
        self.update = update
        self.entry = entry
        self.model = model
        self.rate = rate
        self.seconds = seconds
        self.cases = cases
        self.results = results
    }
}

extension LabClusterAction: LabActionKind {
    static var key: String { "cluster" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabClusterAction(
                begin: fields["begin"].string,
                network: fields["network"].string,
                service: fields["service"].object(LabContainer.init),
                replicas: fields[optional: "replicas"]?.count ?? 2,
                ready: fields["ready"].notEmpty.strings,
                start: fields["start"].seconds,
                update: fields["update"].dictionary,
                entry: fields["entry"].object(LabContainer.init),
                model: fields["model"].string,
                rate: fields["rate"].string,
                seconds: fields["seconds"].string,
                cases: fields["cases"].notEmpty.list { $0.object(LabPredictionCase.init) },
                results: fields["results"].string)
        }
    }

    var action: LabAction { .cluster(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabClusterAction {
        var action = self
        action.network = try network.filled(by: template)
        action.service = try service.filled(by: template)
        action.ready = try ready.filled(by: template)
        action.update = try update.filled(by: template)
        action.entry = try entry.filled(by: template)
        action.model = try model.filled(by: template)
        action.rate = try rate.filled(by: template)
        action.seconds = try seconds.filled(by: template)
        action.cases = try cases.filled(by: template)
        action.results = try results.filled(by: template)
        return action
    }

    func uses(at path: LabPath) -> [LabUse] {
        service.uses(at: path["service"]) + entry.uses(at: path["entry"])
            + [
                LabUse(.variable(begin), path["begin"]), LabUse(.newContainer(entry.name), path["entry"]["name"]),
                LabUse(.workspacePath(results), path["results"]),
            ]
            + cases.enumerated().map { LabUse(.labFile($1.picture), path["cases"][$0]["picture"]) }
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.container(entry.name)] }

    func check(with rules: LabSpecRules, at path: LabPath) {
        if !rules.spec.variables.contains(where: { $0.name == begin }) {
            rules.report(
                LabWording.unknownVariable(begin), at: path["begin"],
                suggestion: NearestWord.to(begin, among: rules.spec.variables.map(\.name)))
        }
        if replicas < 2 { rules.report(LabWording.tooFewReplicas, at: path["replicas"]) }
        if entry.ports.isEmpty { rules.report(LabWording.noEntryPort, at: path["entry"]) }
        for key in service.keysOutsideOfServices { rules.report(LabWording.notForServices(key), at: path["service"][key]) }
        rules.checkPositive(rate, at: path["rate"])
        rules.checkPositive(seconds, at: path["seconds"])
    }

    var concerns: [LabConcern] { entry.concerns + service.concerns + [.workspace] }

    var startedContainer: LabContainer? { entry }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { cases.map { .picture($0.picture) } }

    var isInteractive: Bool { false }
}

extension LabContainer {
    /// Its keys that don't apply to the containers of a service.
    fileprivate var keysOutsideOfServices: [String] {
        [("ports", !ports.isEmpty), ("gpu", gpu != .never), ("shm", shm != nil), ("timeout", timeout != nil)].filter(\.1).map(\.0)
    }
}
