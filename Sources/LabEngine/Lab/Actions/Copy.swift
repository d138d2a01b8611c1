/// `copy:` — copies a file or folder between the workspace and a container.
package struct LabCopyAction: Sendable, Equatable {
    /// The direction, seen from the container.
    package enum Direction: String, Sendable, CaseIterable {
        case into = "in"
        case out
    }

    package var direction: Direction
    package var container: String
    /// The path in the container.
    package var inside: String
    /// The path in the workspace.
    package var outside: String

    package init(direction: Direction, container: String, inside: String, outside: String) {
        self.direction = direction
        self.container = container
        self.inside = inside
        self.outside = outside
    }
}

extension LabCopyAction: LabActionKind {
    static var key: String { "copy" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabCopyAction(
                direction: fields["direction"].keyword(otherwise: Direction.out),
                container: fields["container"].string,
                inside: fields["inside"].string,
                outside: fields["outside"].string)
        }
    }

    var action: LabAction { .copy(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabCopyAction {
        LabCopyAction(
            direction: direction, container: try container.filled(by: template), inside: try inside.filled(by: template),
            outside: try outside.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        [
            LabUse(.container(container), path["container"]), LabUse(.inside(inside), path["inside"]),
            LabUse(.workspacePath(outside), path["outside"]),
        ]
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [] }

    func check(with rules: LabSpecRules, at path: LabPath) {}

    var concerns: [LabConcern] { direction == .out ? [.engine, .workspace] : [.engine] }

    var startedContainer: LabContainer? { nil }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
