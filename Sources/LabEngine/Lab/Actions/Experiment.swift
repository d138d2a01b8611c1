package import LabSupport

/// `experiment:` — runs a command in a running container, and makes a table of the rows that the command prints.
package struct LabExperimentAction: Sendable, Equatable {
    /// A column of the table.
    package struct Column: Sendable, Equatable {
        /// How the table shows a value.
        package enum Form: String, Sendable, CaseIterable {
            case text
            case number
            /// From 0 to 1, shown in percent.
            case share
        }

        /// The key in the rows that the command prints, and in the file of results.
        package var name: String
        package var title: Text
        package var form: Form

        package init(name: String, title: Text, form: Form = .text) {
            self.name = name
            self.title = title
            self.form = form
        }
    }

    package var container: String
    package var command: [String]
    package var user: String?
    /// The time limit in seconds. Nil for none.
    package var timeout: Int?
    /// The title of the table.
    package var title: Text
    package var columns: [Column]
    /// The workspace path of the results.
    package var results: String

    package init(
        container: String, command: [String], user: String? = nil, timeout: Int? = nil, title: Text, columns: [Column], results: String
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

extension LabExperimentAction.Column: Templated {
    init(_ fields: LabFields) {
        self.init(
            name: fields["name"].string, title: fields["title"].text, form: fields[optional: "form"]?.keyword(otherwise: .text) ?? .text)
    }

    package func filled(by template: Template) throws(TemplateError) -> Self {
        Self(name: name, title: try title.filled(by: template), form: form)
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
                columns: fields["columns"].notEmpty.list { $0.object(Column.init) },
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
