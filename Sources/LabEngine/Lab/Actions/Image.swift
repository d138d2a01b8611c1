/// `image: NAME` — gets an image of the `images:` section from the first source that serves it.
package struct LabImageAction: Sendable, Equatable {
    package var name: String

    package init(name: String) { self.name = name }
}

extension LabImageAction: LabActionKind {
    static var key: String { "image" }

    init(_ value: LabValue) {
        self.init(name: value.string)
    }

    var action: LabAction { .image(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabImageAction {
        self
    }

    func uses(at path: LabPath) -> [LabUse] { [LabUse(.namedImage(name), path)] }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.namedImage(name)] + (spec.image(name).map { [.image($0.tag)] } ?? []) }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.engine, .image(name)] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
