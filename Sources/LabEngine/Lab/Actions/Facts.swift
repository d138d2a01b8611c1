/// `facts: [engine, disk, …]` — finds out facts about this machine and shows them.
package struct LabFactsAction: Sendable, Equatable {
    package var facts: [LabFact]

    package init(_ facts: [LabFact]) { self.facts = facts }
}

/// The facts that a lab may ask for.
package enum LabFact: String, Sendable, CaseIterable {
    case engine
    case disk
    case memory
    case processors
    case gpu
    case network
}

extension LabFactsAction: LabActionKind {
    static var key: String { "facts" }

    init(_ value: LabValue) {
        self.init(value.notEmpty.list { $0.keyword(otherwise: LabFact.engine) })
    }

    var action: LabAction { .facts(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabFactsAction {
        self
    }

    func uses(at path: LabPath) -> [LabUse] { [] }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { facts.contains(.engine) ? [.engine] : [] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { false }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
