package import DockerfileCheck
package import LabSupport

/// `file:` — puts the student's own copy of a file into the workspace. It's made from `template`; an unattended run uses `reference`.
package struct LabFileAction: Sendable, Equatable {
    /// Path in the workspace.
    package var path: String
    /// Commented template in the lab's folder, for each language.
    package var template: Text
    /// Solution in the lab's folder.
    package var reference: String
    /// The parts that the lab needs in the file, if it is a Dockerfile.
    package var wants: [DockerfileWant]

    package init(path: String, template: Text, reference: String, wants: [DockerfileWant] = []) {
        self.path = path
        self.template = template
        self.reference = reference
        self.wants = wants
    }

    /// The paths of the template, each once.
    package var templates: [String] { template.en == template.zh ? [template.en] : [template.en, template.zh] }
}

extension LabFileAction: LabActionKind {
    static var key: String { "file" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabFileAction(
                path: fields["path"].string, template: fields["template"].textOrTexts, reference: fields["reference"].string,
                wants: fields[optional: "wants"]?.list { $0.object { DockerfileWant($0) } } ?? [])
        }
    }

    var action: LabAction { .file(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabFileAction {
        LabFileAction(
            path: try path.filled(by: template), template: try self.template.filled(by: template),
            reference: try reference.filled(by: template), wants: try wants.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        [
            LabUse(.workspacePath(self.path), path["path"]), LabUse(.labFile(reference), path["reference"]),
        ] + templates.map { LabUse(.labFile($0), path["template"]) }
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {
        for (index, want) in wants.enumerated() {
            for pattern in want.patterns { _ = rules.compiles(pattern, at: path["wants"][index]["pattern"]) }
            if want.patterns.isEmpty, want.instructions.isEmpty, want.files.isEmpty {
                rules.report(LabWording.emptyWant, at: path["wants"][index])
            }
        }
    }

    var concerns: [LabConcern] { [.workspace] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { false }

    var exhibits: [LabExhibit] { [.own(path), .reference(reference)] }

    var isInteractive: Bool { false }
}

extension DockerfileWant: Templated {
    init(_ fields: LabFields) {
        self.init(
            text: fields["text"].text,
            instructions: fields[optional: "instructions"]?.strings ?? [],
            patterns: fields[optional: "pattern"]?.stringOrStrings ?? [],
            files: fields[optional: "files"]?.strings ?? [],
            todo: fields[optional: "todo"]?.integer,
            advice: fields["advice"].text,
            isOptional: fields[optional: "optional"]?.flag ?? false)
    }

    package func filled(by template: Template) throws(TemplateError) -> DockerfileWant {
        var want = self
        want.text = try text.filled(by: template)
        want.advice = try advice.filled(by: template)
        want.patterns = try patterns.map { (pattern) throws(TemplateError) in try template.fill(pattern: pattern) }
        return want
    }
}
