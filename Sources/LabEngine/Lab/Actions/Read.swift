/// `read: true` — does nothing; the student only reads the text.
package struct LabReadAction: Sendable, Equatable {
    package init() {}
}

extension LabReadAction: LabActionKind {
    static var key: String { "read" }

    init(_ value: LabValue) {
        self = value.trueMeaning(LabReadAction())
    }

    var action: LabAction { .read(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabReadAction {
        self
    }

    func uses(at path: LabPath) -> [LabUse] { [] }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { false }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
