/// A port of the host and the container's port that it leads to.
package struct LabPort: Sendable, Equatable {
    package var host: String
    package var container: Int

    package init(host: String, container: Int) {
        self.host = host
        self.container = container
    }
}

extension LabPort {
    init(_ fields: LabFields) {
        self.init(host: fields["host"].string, container: fields["container"].integer)
    }
}

extension LabPort: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabPort {
        LabPort(host: try host.filled(by: template), container: container)
    }
}
