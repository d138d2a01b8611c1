/// `run:` — runs a container until it exits.
package struct LabRunAction: ContainerAction {
    package var container: LabContainer

    package init(_ container: LabContainer) { self.container = container }
}

extension LabRunAction: LabActionKind {
    static var key: String { "run" }

    var action: LabAction { .run(self) }
}
