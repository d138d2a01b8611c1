/// `gpus:` — asks the engine in each known way to give a container the GPUs, and shows what the container gets.
package struct LabGPUsAction: Sendable, Equatable {
    /// A way works if this container exits with 0.
    package var container: LabContainer

    package init(container: LabContainer) { self.container = container }
}

extension LabGPUsAction: LabActionKind {
    static var key: String { "gpus" }

    init(_ value: LabValue) { self.init(container: value.object(LabContainer.init)) }

    var action: LabAction { .gpus(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabGPUsAction {
        LabGPUsAction(container: try container.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        container.uses(at: path) + [LabUse(.newContainer(container.name), path["name"])]
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.container(container.name)] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { container.concerns }

    var startedContainer: LabContainer? { container }

    var hasResult: Bool { false }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
