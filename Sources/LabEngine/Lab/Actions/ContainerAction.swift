/// An action that only runs one container until it exits. `run:` and `compare:` are of this kind.
package protocol ContainerAction: Equatable, Sendable {
    var container: LabContainer { get }

    init(_ container: LabContainer)
}

extension ContainerAction {
    /// The same action with all names in its container filled in.
    package func filled(by template: Template) throws(TemplateError) -> Self {
        Self(try container.filled(by: template))
    }
}

/// The requirements of `LabActionKind` that are the same for these actions. An action that isn't one of them can't get them by mistake.
extension LabActionKind where Self: ContainerAction {
    init(_ value: LabValue) {
        self.init(value.object(LabContainer.init))
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
