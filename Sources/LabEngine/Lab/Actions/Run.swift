/// `run:` — runs a container until it exits.
package struct LabRunAction: Sendable, Equatable {
    package var container: LabContainer

    package init(_ container: LabContainer) { self.container = container }
}

extension LabRunAction: LabActionKind {
    static var key: String { "run" }

    init(_ value: LabValue) {
        self.init(value.object(LabContainer.init))
    }

    var action: LabAction { .run(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabRunAction {
        LabRunAction(try container.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        container.uses(at: path) + [LabUse(.newContainer(container.name), path["name"])]
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.container(container.name)] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { container.concerns }

    var startedContainer: LabContainer? { container }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
