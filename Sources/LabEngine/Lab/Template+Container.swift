extension LabContainer: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabContainer {
        LabContainer(
            image: try image.filled(by: template),
            name: try name.filled(by: template),
            command: try command.filled(by: template),
            entrypoint: try entrypoint.filled(by: template),
            environment: try environment.filled(by: template),
            ports: try ports.filled(by: template),
            mounts: try mounts.filled(by: template),
            gpu: gpu,
            user: try user.filled(by: template),
            memory: try memory.filled(by: template),
            cpus: try cpus.filled(by: template),
            shm: try shm.filled(by: template),
            timeout: timeout)
    }
}

extension LabPort: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabPort {
        LabPort(host: try host.filled(by: template), container: container)
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
