import LabSupport

/// A platform that `ailab deploy` writes files for.
package enum DeployTarget: String, Sendable, CaseIterable {
    case compose
    case kube
    case swarm

    /// The file that describes the service.
    package var fileName: String {
        switch self {
        case .compose: "compose.yaml"
        case .kube: "kube.yaml"
        case .swarm: "stack.yaml"
        }
    }
}

/// `deploy:` — how a model of the lab is served where nobody operates the server by hand. The files of `ailab deploy` are made from it.
package struct LabDeployment: Sendable, Equatable {
    /// A file of the lab that the container gets.
    package struct File: Sendable, Equatable {
        /// A lab path.
        package var source: String
        /// The absolute path in the container.
        package var target: String

        package init(source: String, target: String) {
            self.source = source
            self.target = target
        }
    }

    /// The task that registers the model. What serves it there, serves it here.
    package var task: TaskID
    /// Starts the server and loads the model. It replaces the image's command.
    package var command: [String]
    package var files: [File]
    /// Succeeds in the container if a worker of the model is READY.
    package var ready: [String]
    package var replicas: Int

    package init(task: TaskID, command: [String], files: [File] = [], ready: [String], replicas: Int) {
        self.task = task
        self.command = command
        self.files = files
        self.ready = ready
        self.replicas = replicas
    }
}

extension LabDeployment {
    init(_ fields: LabFields) {
        self.init(
            task: fields["task"].taskID,
            command: fields["command"].notEmpty.strings,
            files: fields[optional: "files"]?.list { $0.object(File.init) } ?? [],
            ready: fields["ready"].notEmpty.strings,
            replicas: fields[optional: "replicas"]?.count ?? 2)
    }

    /// Everything that it relies on. `path` is its place.
    func uses(at path: LabPath) -> [LabUse] {
        files.enumerated().flatMap { index, file in
            let place = path["files"][index]
            return [LabUse(.labFile(file.source), place["source"]), LabUse(.inside(file.target), place["target"])]
        }
    }
}

extension LabDeployment.File {
    init(_ fields: LabFields) {
        self.init(source: fields["source"].string, target: fields["target"].string)
    }
}

extension LabDeployment: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabDeployment {
        LabDeployment(
            task: task, command: try command.filled(by: template), files: try files.filled(by: template),
            ready: try ready.filled(by: template), replicas: replicas)
    }
}

extension LabDeployment.File: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabDeployment.File {
        LabDeployment.File(source: try source.filled(by: template), target: try target.filled(by: template))
    }
}

extension LabSpec {
    /// What a deployment serves: the registration of its model, and the container and port of the server. Nil if the lab's file doesn't say
    /// all of that, which its rules report.
    package func served(by deployment: LabDeployment) -> (
        model: LabRegisterAction, container: LabContainer, port: LabPort
    )? {
        guard case .register(let model)? = task(deployment.task)?.action, let server = server(model.server) else { return nil }
        for task in tasks {
            guard case .serve(let serve) = task.action, serve.server == model.server else { continue }
            return serve.container.ports.first { $0.host == server.inferencePort }.map { (model, serve.container, $0) }
        }
        return nil
    }
}

extension LabSpecRules {
    /// The deployment names a task that registers a model, and the lab says how that model's server is started.
    func checkDeployment() {
        guard let deployment = spec.deployment else { return }
        let path = LabPath()["deploy"]
        if deployment.replicas < 1 { report(LabWording.notPositive("replicas"), at: path["replicas"]) }
        let names = deployment.files.map { Files.name(of: $0.source) }
        for (index, name) in names.enumerated()
        where names[..<index].contains(name) || DeployTarget.allCases.contains(where: { $0.fileName == name }) {
            report(LabWording.deployedTwice(name), at: path["files"][index])
        }
        guard let task = spec.task(deployment.task) else {
            let nearest = NearestWord.to(deployment.task.description, among: spec.tasks.map(\.id.description))
            return report(LabWording.unknownTask(deployment.task), at: path["task"], suggestion: nearest)
        }
        guard case .register = task.action else { return report(LabWording.notRegistering(task.id), at: path["task"]) }
        if spec.served(by: deployment) == nil { report(LabWording.notServed(task.id), at: path["task"]) }
    }
}
