/// `compare:` — shows the same facts inside a container and outside, side by side.
package struct LabCompareAction: ContainerAction {
    package var container: LabContainer

    package init(_ container: LabContainer) { self.container = container }
}

extension LabCompareAction: LabActionKind {
    static var key: String { "compare" }

    var action: LabAction { .compare(self) }
}
