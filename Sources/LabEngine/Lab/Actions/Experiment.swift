package import LabSupport

/// `experiment:` — runs a command in a running container, and makes a table of the rows that the command prints.
package struct LabExperimentAction: Sendable, Equatable {
    package var container: String
    package var command: [String]
    package var user: String?
    /// The time limit in seconds. Nil for none.
    package var timeout: Int?
    /// The title of the table.
    package var title: Text
    package var columns: [LabColumn]
    /// The workspace path of the results.
    package var results: String

    package init(
        container: String, command: [String], user: String? = nil, timeout: Int? = nil, title: Text, columns: [LabColumn], results: String
    ) {
        self.container = container
        self.command = command
        self.user = user
        self.timeout = timeout
        self.title = title
        self.columns = columns
        self.results = results
    }
}

extension LabExperimentAction: LabActionKind {
    static var key: String { "experiment" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabExperimentAction(
                container: fields["container"].string,
                command: fields["command"].notEmpty.strings,
                user: fields[optional: "user"]?.string,
                timeout: fields[optional: "timeout"]?.seconds,
                title: fields["title"].text,
                columns: fields["columns"].notEmpty.list { $0.object(LabColumn.init) },
                results: fields["results"].string)
        }
    }

    var action: LabAction { .experiment(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabExperimentAction {
        LabExperimentAction(
            container: try container.filled(by: template), command: try command.filled(by: template),
            user: try user.filled(by: template), timeout: timeout, title: try title.filled(by: template),
            columns: try columns.filled(by: template), results: try results.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        [LabUse(.container(container), path["container"]), LabUse(.workspacePath(results), path["results"])]
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { [.engine, .workspace] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
