/// `rollout:` — serves a second version of a model beside the first, sends it a share of the requests, makes it the default and goes back,
/// while load checks each answer. It starts a server of its own, and removes it in the end.
package struct LabRolloutAction: Sendable, Equatable {
    package var serve: LabServeAction
    package var model: String
    /// The file of the first version in the model store.
    package var archive: String
    /// Packs the second version into the model store, in the server's container.
    package var next: LabArchiveAction
    /// Every how many requests one goes to the second version, at first.
    package var canary: Int
    /// Requests per second.
    package var rate: String
    /// How long each phase takes, in seconds.
    package var seconds: String
    package var cases: [LabPredictionCase]
    /// The workspace path of the results.
    package var results: String

    package init(
        serve: LabServeAction, model: String, archive: String, next: LabArchiveAction, canary: Int, rate: String, seconds: String,
        cases: [LabPredictionCase], results: String
    ) {
        self.serve = serve
        self.model = model
        self.archive = archive
        self.next = next
        self.canary = canary
        self.rate = rate
        self.seconds = seconds
        self.cases = cases
        self.results = results
    }
}

extension LabRolloutAction: LabActionKind {
    static var key: String { "rollout" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabRolloutAction(
                serve: LabServeAction(fields["serve"]),
                model: fields["model"].string,
                archive: fields["archive"].string,
                next: LabArchiveAction(fields["next"]),
                canary: fields["canary"].count,
                rate: fields["rate"].string,
                seconds: fields["seconds"].string,
                cases: fields["cases"].notEmpty.list { $0.object(LabPredictionCase.init) },
                results: fields["results"].string)
        }
    }

    var action: LabAction { .rollout(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabRolloutAction {
        var action = self
        action.serve = try serve.filled(by: template)
        action.model = try model.filled(by: template)
        action.archive = try archive.filled(by: template)
        action.next = try next.filled(by: template)
        action.rate = try rate.filled(by: template)
        action.seconds = try seconds.filled(by: template)
        action.cases = try cases.filled(by: template)
        action.results = try results.filled(by: template)
        return action
    }

    func uses(at path: LabPath) -> [LabUse] {
        serve.uses(at: path["serve"]) + next.uses(at: path["next"]) + [LabUse(.workspacePath(results), path["results"])]
            + cases.enumerated().map { LabUse(.labFile($1.picture), path["cases"][$0]["picture"]) }
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] {
        serve.makes(in: spec)
    }

    func check(with rules: LabSpecRules, at path: LabPath) {
        serve.check(with: rules, at: path["serve"])
        if canary < 1 { rules.report(LabWording.notPositive("canary"), at: path["canary"]) }
        rules.checkPositive(rate, at: path["rate"])
        rules.checkPositive(seconds, at: path["seconds"])
    }

    var concerns: [LabConcern] { serve.concerns + [.server(serve.server), .workspace] }

    var startedContainer: LabContainer? { serve.container }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { cases.map { .picture($0.picture) } }

    var isInteractive: Bool { false }
}
