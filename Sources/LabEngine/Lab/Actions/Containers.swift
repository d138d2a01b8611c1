/// `containers: true` — lists the lab's containers, as `docker ps -a` does.
package struct LabContainersAction: Sendable, Equatable {
    package init() {}
}

extension LabContainersAction: LabActionKind {
    static var key: String { "containers" }

    init(_ value: LabValue) {
        self = value.trueMeaning(LabContainersAction())
    }

    var action: LabAction { .containers(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabContainersAction {
        self
    }

    func uses(at path: LabPath) -> [LabUse] { [] }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.engine] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { false }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
