package import LabSupport

/// `schedulers:` — a cluster that runs in the lab's containers, whose nodes and queue the telemetry shows.
package struct LabScheduler: Sendable, Equatable {
    package var name: String
    package var title: Text
    /// The kind of scheduler. The telemetry knows which there are.
    package var kind: String
    /// Where the kind stands in the lab file.
    package var kindPosition: LabPosition?
    /// The container in which the scheduler's own programs answer.
    package var container: String

    package init(name: String, title: Text, kind: String, kindPosition: LabPosition? = nil, container: String) {
        self.name = name
        self.title = title
        self.kind = kind
        self.kindPosition = kindPosition
        self.container = container
    }
}

extension LabScheduler {
    init(name: String, _ fields: LabFields) {
        let kind = fields["kind"]
        self.init(
            name: name, title: fields["title"].text, kind: kind.string, kindPosition: kind.node?.position,
            container: fields["container"].string)
    }
}

extension LabScheduler: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabScheduler {
        LabScheduler(
            name: name, title: try title.filled(by: template), kind: kind, kindPosition: kindPosition,
            container: try container.filled(by: template))
    }
}

extension LabSpecRules {
    /// The container of each scheduler is started by a task.
    func checkSchedulers() {
        for scheduler in spec.schedulers {
            checkMade(LabUse(.container(scheduler.container), LabPath()["schedulers"][scheduler.name]["container"]))
        }
    }
}
