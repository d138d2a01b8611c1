/// `gpus:` — asks the engine in each known way to give a container the GPUs, and shows what the container gets.
package struct LabGPUsAction: ContainerAction {
    /// A way works if this container exits with 0.
    package var container: LabContainer

    package init(_ container: LabContainer) { self.container = container }
}

extension LabGPUsAction: LabActionKind {
    static var key: String { "gpus" }

    var action: LabAction { .gpus(self) }

    /// The table of what was tried is for this machine only.
    var hasResult: Bool { false }
}
