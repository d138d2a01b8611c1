package import LabSupport

/// Something that is shown once some tasks are done.
package struct LabProof: Sendable, Equatable, Templated {
    package var text: Text
    /// The tasks that show it.
    package var by: [TaskID]

    package init(text: Text, by: [TaskID]) {
        self.text = text
        self.by = by
    }

    init(_ fields: LabFields) {
        self.init(text: fields["text"].text, by: fields["by"].notEmpty.taskIDs)
    }

    package func filled(by template: Template) throws(TemplateError) -> LabProof {
        LabProof(text: try text.filled(by: template), by: by)
    }
}
