/// `shell:` — opens an interactive shell in a container. Without a terminal, the script runs instead.
package struct LabShellAction: Sendable, Equatable {
    package var container: LabContainer
    /// The commands that replace the student's typing. The shell gets them one by one.
    package var script: [String]

    package init(container: LabContainer, script: [String]) {
        self.container = container
        self.script = script
    }
}

extension LabShellAction: LabActionKind {
    static var key: String { "shell" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabShellAction(container: fields["container"].object(LabContainer.init), script: fields["script"].notEmpty.strings)
        }
    }

    var action: LabAction { .shell(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabShellAction {
        LabShellAction(container: try container.filled(by: template), script: try script.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        container.uses(at: path["container"]) + [LabUse(.newContainer(container.name), path["container"]["name"])]
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.container(container.name)] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { container.concerns }

    var startedContainer: LabContainer? { container }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { true }
}
