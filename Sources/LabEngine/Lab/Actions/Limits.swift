/// `limits:` — runs the same container under several limits, one after the other, and compares what it achieves.
package struct LabLimitsAction: Sendable, Equatable {
    package var container: LabContainer
    /// The numbers of processors. A number that the machine doesn't have is left out.
    package var cpus: [String]
    /// The memory limits, from the largest to one that is too small. Nothing runs after the kernel has killed the container.
    package var memory: [String]
    /// The metric that the container prints and that is compared.
    package var metric: String
    /// The workspace path of the results.
    package var results: String

    package init(container: LabContainer, cpus: [String], memory: [String] = [], metric: String, results: String) {
        self.container = container
        self.cpus = cpus
        self.memory = memory
        self.metric = metric
        self.results = results
    }
}

extension LabLimitsAction: LabActionKind {
    static var key: String { "limits" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabLimitsAction(
                container: fields["container"].object(LabContainer.init),
                cpus: fields["cpus"].notEmpty.strings,
                memory: fields[optional: "memory"]?.strings ?? [],
                metric: fields["metric"].string,
                results: fields["results"].string)
        }
    }

    var action: LabAction { .limits(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabLimitsAction {
        LabLimitsAction(
            container: try container.filled(by: template), cpus: try cpus.filled(by: template), memory: try memory.filled(by: template),
            metric: try metric.filled(by: template), results: try results.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        container.uses(at: path["container"]) + [
            LabUse(.newContainer(container.name), path["container"]["name"]), LabUse(.workspacePath(results), path["results"]),
        ]
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { [.container(container.name)] }

    func check(with rules: LabSpecRules, at path: LabPath) {
        for (index, number) in cpus.enumerated() { rules.checkPositive(number, at: path["cpus"][index]) }
    }

    var concerns: [LabConcern] { container.concerns + [.workspace] }

    var startedContainer: LabContainer? { container }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
