/// `file:` — puts the student's own copy of a file into the workspace. It's made from `template`; an unattended run uses `reference`.
package struct LabFileAction: Sendable, Equatable {
    /// Path in the workspace.
    package var path: String
    /// Commented template in the lab's folder.
    package var template: String
    /// Solution in the lab's folder.
    package var reference: String

    package init(path: String, template: String, reference: String) {
        self.path = path
        self.template = template
        self.reference = reference
    }
}

extension LabFileAction: LabActionKind {
    static var key: String { "file" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabFileAction(path: fields["path"].string, template: fields["template"].string, reference: fields["reference"].string)
        }
    }

    var action: LabAction { .file(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabFileAction {
        LabFileAction(
            path: try path.filled(by: template), template: try self.template.filled(by: template),
            reference: try reference.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        [
            LabUse(.workspacePath(self.path), path["path"]), LabUse(.labFile(template), path["template"]),
            LabUse(.labFile(reference), path["reference"]),
        ]
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.workspace] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { false }

    var exhibits: [LabExhibit] { [.own(path), .reference(reference)] }

    var isInteractive: Bool { false }
}
