package import LabSupport

/// A column of a table of results.
package struct LabColumn: Sendable, Equatable, Codable {
    /// How the table shows a value.
    package enum Form: String, Sendable, Codable, CaseIterable {
        case text
        case number
        /// From 0 to 1, shown in percent.
        case share
    }

    /// The key in the file of results, and in the rows that a lab's program prints.
    package var name: String
    /// With the unit.
    package var title: Text
    package var form: Form

    package init(_ name: String, _ title: Text, _ form: Form = .number) {
        self.name = name
        self.title = title
        self.form = form
    }
}

extension LabColumn: Templated {
    init(_ fields: LabFields) {
        self.init(fields["name"].string, fields["title"].text, fields[optional: "form"]?.keyword(otherwise: .text) ?? .text)
    }

    package func filled(by template: Template) throws(TemplateError) -> LabColumn {
        LabColumn(name, try title.filled(by: template), form)
    }
}
