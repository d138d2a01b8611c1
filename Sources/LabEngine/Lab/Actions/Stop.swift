/// `stop: SERVER` — stops the server and removes its container.
package struct LabStopAction: Sendable, Equatable {
    package var server: String

    package init(server: String) { self.server = server }
}

extension LabStopAction: LabActionKind {
    static var key: String { "stop" }

    init(_ value: LabValue) {
        self.init(server: value.string)
    }

    var action: LabAction { .stop(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabStopAction {
        self
    }

    func uses(at path: LabPath) -> [LabUse] { [LabUse(.server(server), path)] }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.engine] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
