/// `exec:` — runs a command in a running container.
package struct LabExecAction: Sendable, Equatable {
    package var container: String
    package var command: [String]
    package var user: String?
    /// The time limit in seconds. Nil for none.
    package var timeout: Int?

    package init(container: String, command: [String], user: String? = nil, timeout: Int? = nil) {
        self.container = container
        self.command = command
        self.user = user
        self.timeout = timeout
    }
}

extension LabExecAction: LabActionKind {
    static var key: String { "exec" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabExecAction(
                container: fields["container"].string,
                command: fields["command"].notEmpty.strings,
                user: fields[optional: "user"]?.string,
                timeout: fields[optional: "timeout"]?.seconds)
        }
    }

    var action: LabAction { .exec(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabExecAction {
        LabExecAction(
            container: try container.filled(by: template), command: try command.filled(by: template),
            user: try user.filled(by: template), timeout: timeout)
    }

    func uses(at path: LabPath) -> [LabUse] { [LabUse(.container(container), path["container"])] }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.engine] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
