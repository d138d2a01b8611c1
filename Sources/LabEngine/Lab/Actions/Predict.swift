/// `predict:` — asks a model about pictures whose correct labels are known.
package struct LabPredictAction: Sendable, Equatable {
    package var server: String
    package var model: String
    package var cases: [LabPredictionCase]
    /// The time limit for one prediction, in seconds.
    package var timeout: Int

    package init(server: String, model: String, cases: [LabPredictionCase], timeout: Int) {
        self.server = server
        self.model = model
        self.cases = cases
        self.timeout = timeout
    }
}

extension LabPredictAction: LabActionKind {
    static var key: String { "predict" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabPredictAction(
                server: fields["server"].string,
                model: fields["model"].string,
                cases: fields["cases"].notEmpty.list { $0.object(LabPredictionCase.init) },
                timeout: fields["timeout"].seconds)
        }
    }

    var action: LabAction { .predict(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabPredictAction {
        LabPredictAction(
            server: server, model: try model.filled(by: template), cases: try cases.filled(by: template), timeout: timeout)
    }

    func uses(at path: LabPath) -> [LabUse] {
        LabPredictionCase.uses(server: server, model: model, cases, at: path)
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.engine, .server(server)] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { cases.map { .picture($0.picture) } }

    var isInteractive: Bool { false }
}
