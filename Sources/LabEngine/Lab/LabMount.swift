/// A folder of the host that is mounted in a container.
package struct LabMount: Sendable, Equatable {
    /// The kind of folder.
    package enum Source: Sendable, Equatable {
        /// A folder of the workspace. It's created if it's missing.
        case workspace(String)
        /// A folder of the lab, mounted read-only.
        case lab(String)
    }

    package var source: Source
    package var target: String
    package var readOnly: Bool

    package init(source: Source, target: String, readOnly: Bool = false) {
        self.source = source
        self.target = target
        self.readOnly = readOnly
    }
}

extension LabMount {
    init(_ fields: LabFields) {
        let target = fields["target"].string
        let readOnly = fields[optional: "read_only"]?.flag ?? false
        let source = fields.choice(
            [("workspace", { Source.workspace($0.string) }), ("lab", { Source.lab($0.string) })],
            otherwise: .workspace(""))
        // A student's container must never write into the lab's folder.
        let ofLab = if case .lab = source { true } else { false }
        self.init(source: source, target: target, readOnly: readOnly || ofLab)
    }

    /// Everything that a container with this mount relies on.
    func uses(at path: LabPath) -> [LabUse] {
        let outside =
            switch source {
            case .workspace(let folder): LabUse(.workspacePath(folder), path["workspace"])
            case .lab(let folder): LabUse(.labFolder(folder), path["lab"])
            }
        return [outside, LabUse(.inside(target), path["target"])]
    }
}

extension LabMount: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabMount {
        let source: Source =
            switch self.source {
            case .workspace(let path): .workspace(try path.filled(by: template))
            case .lab(let path): .lab(try path.filled(by: template))
            }
        return LabMount(source: source, target: try target.filled(by: template), readOnly: readOnly)
    }
}
