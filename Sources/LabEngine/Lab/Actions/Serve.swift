/// `serve:` — starts a server's container and waits until it answers.
package struct LabServeAction: Sendable, Equatable {
    package var server: String
    package var container: LabContainer
    /// The time limit in seconds until the server answers.
    package var ready: Int

    package init(server: String, container: LabContainer, ready: Int) {
        self.server = server
        self.container = container
        self.ready = ready
    }
}

extension LabServeAction: LabActionKind {
    static var key: String { "serve" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabServeAction(
                server: fields["server"].string,
                container: fields["container"].object(LabContainer.init),
                ready: fields["ready"].seconds)
        }
    }

    var action: LabAction { .serve(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabServeAction {
        LabServeAction(server: server, container: try container.filled(by: template), ready: ready)
    }

    func uses(at path: LabPath) -> [LabUse] {
        [LabUse(.server(server), path["server"])] + container.uses(at: path["container"])
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.server(server), .container(container.name)] }

    func check(with rules: LabSpecRules, at path: LabPath) {
        guard let server = rules.spec.server(server) else { return }
        guard let name = rules.filled(container.name), let expected = rules.filled(server.container), name != expected else { return }
        rules.report(
            LabWording.otherContainer(container.name, server: server.name, expected: server.container), at: path["container"]["name"])
    }

    var concerns: [LabConcern] { container.concerns }

    var startedContainer: LabContainer? { container }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
