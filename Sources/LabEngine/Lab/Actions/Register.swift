/// `register:` — loads an archive into the server through its management API and waits for a worker that is READY.
package struct LabRegisterAction: Sendable, Equatable {
    package var server: String
    package var model: String
    /// The name of the file in the model store.
    package var archive: String
    package var workers: Int
    /// The time limit in seconds until a worker is READY.
    package var ready: Int

    package init(server: String, model: String, archive: String, workers: Int, ready: Int) {
        self.server = server
        self.model = model
        self.archive = archive
        self.workers = workers
        self.ready = ready
    }
}

extension LabRegisterAction: LabActionKind {
    static var key: String { "register" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabRegisterAction(
                server: fields["server"].string,
                model: fields["model"].string,
                archive: fields["archive"].string,
                workers: fields[optional: "workers"]?.count ?? 1,
                ready: fields["ready"].seconds)
        }
    }

    var action: LabAction { .register(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabRegisterAction {
        LabRegisterAction(
            server: server, model: try model.filled(by: template), archive: try archive.filled(by: template), workers: workers,
            ready: ready)
    }

    func uses(at path: LabPath) -> [LabUse] { [LabUse(.server(server), path["server"])] }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.model(server: server, name: model)] }

    func check(with rules: LabSpecRules, at path: LabPath) {
        if workers < 1 { rules.report(LabWording.noWorkers, at: path["workers"]) }
    }

    var concerns: [LabConcern] { [.engine, .server(server)] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
