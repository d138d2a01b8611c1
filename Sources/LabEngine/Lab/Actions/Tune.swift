/// `tune:` — serves a model with several numbers of workers and batch sizes, puts load on each, and then searches for the largest rate that
/// keeps the latency below a limit. It starts a server of its own, and removes it in the end.
package struct LabTuneAction: Sendable, Equatable {
    package var serve: LabServeAction
    package var model: String
    /// The name of the file in the model store.
    package var archive: String
    package var workers: [Int]
    package var batches: [Int]
    /// How long a worker waits for a batch to fill, in milliseconds.
    package var delay: Int
    /// The number of clients that ask at the same time.
    package var connections: Int
    /// How long each measurement takes, in seconds.
    package var seconds: String
    /// The number of rates that the search tries.
    package var rounds: String
    /// The limit of the 99th percentile, in milliseconds.
    package var limit: Int
    package var cases: [LabPredictionCase]
    /// The workspace path of the results.
    package var results: String

    package init(
        serve: LabServeAction, model: String, archive: String, workers: [Int], batches: [Int], delay: Int, connections: Int,
        seconds: String, rounds: String, limit: Int, cases: [LabPredictionCase], results: String
    ) {
        self.serve = serve
        self.model = model
        self.archive = archive
        self.workers = workers
        self.batches = batches
        self.delay = delay
        self.connections = connections
        self.seconds = seconds
        self.rounds = rounds
        self.limit = limit
        self.cases = cases
        self.results = results
    }
}

extension LabTuneAction: LabActionKind {
    static var key: String { "tune" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabTuneAction(
                serve: LabServeAction(fields["serve"]),
                model: fields["model"].string,
                archive: fields["archive"].string,
                workers: fields["workers"].notEmpty.list(\.count),
                batches: fields["batches"].notEmpty.list(\.count),
                delay: fields["delay"].integer,
                connections: fields["connections"].count,
                seconds: fields["seconds"].string,
                rounds: fields["rounds"].string,
                limit: fields["limit"].integer,
                cases: fields["cases"].notEmpty.list { $0.object(LabPredictionCase.init) },
                results: fields["results"].string)
        }
    }

    var action: LabAction { .tune(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabTuneAction {
        var action = self
        action.serve = try serve.filled(by: template)
        action.model = try model.filled(by: template)
        action.archive = try archive.filled(by: template)
        action.seconds = try seconds.filled(by: template)
        action.rounds = try rounds.filled(by: template)
        action.cases = try cases.filled(by: template)
        action.results = try results.filled(by: template)
        return action
    }

    func uses(at path: LabPath) -> [LabUse] {
        serve.uses(at: path["serve"]) + [LabUse(.workspacePath(results), path["results"])]
            + cases.enumerated().map { LabUse(.labFile($1.picture), path["cases"][$0]["picture"]) }
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] {
        serve.makes(in: spec)
    }

    func check(with rules: LabSpecRules, at path: LabPath) {
        serve.check(with: rules, at: path["serve"])
        for (index, count) in workers.enumerated() where count < 1 { rules.report(LabWording.noWorkers, at: path["workers"][index]) }
        rules.checkPositive(seconds, at: path["seconds"])
        rules.checkPositive(rounds, at: path["rounds"])
    }

    var concerns: [LabConcern] { serve.concerns + [.server(serve.server), .workspace] }

    var startedContainer: LabContainer? { serve.container }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { cases.map { .picture($0.picture) } }

    var isInteractive: Bool { false }
}
