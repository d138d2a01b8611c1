package import LabSupport

extension LabSpec: Templated {
    /// The lab with all names filled in, for a run whose variables are resolved.
    package func filled(by template: Template) throws(TemplateError) -> LabSpec {
        var spec = self
        spec.title = try title.filled(by: template)
        spec.summary = try summary.filled(by: template)
        spec.images = try images.filled(by: template)
        spec.servers = try servers.filled(by: template)
        spec.steps = try steps.filled(by: template)
        spec.schedulers = try schedulers.filled(by: template)
        spec.deployment = try deployment.filled(by: template)
        return spec
    }
}

extension LabImage: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabImage {
        LabImage(
            name: name, tag: try tag.filled(by: template), text: try text.filled(by: template),
            sources: try sources.filled(by: template), adapted: adapted)
    }
}

extension LabImageSource: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabImageSource {
        switch self {
        case .pull(let reference):
            .pull(reference: try reference.filled(by: template))
        case .debian(let suite, let include, let tag):
            .debian(
                suite: try suite.filled(by: template), include: try include.filled(by: template), tag: try tag.filled(by: template))
        case .busybox(let tag, let command, let files):
            .busybox(
                tag: try tag.filled(by: template), command: try command.filled(by: template), files: try files.filled(by: template))
        }
    }
}

extension InlineFile: Templated {
    package func filled(by template: Template) throws(TemplateError) -> InlineFile {
        InlineFile(path: try path.filled(by: template), content: try content.filled(by: template))
    }
}

extension LabServer: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabServer {
        LabServer(
            name: name, container: try container.filled(by: template), inferencePort: try inferencePort.filled(by: template),
            managementPort: try managementPort.filled(by: template), metricsPort: try metricsPort.filled(by: template),
            keyFile: try keyFile.filled(by: template))
    }
}

extension LabStep: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabStep {
        LabStep(
            number: number, title: try title.filled(by: template), tasks: try tasks.filled(by: template),
            proofs: try proofs.filled(by: template), limits: try limits.filled(by: template))
    }
}

extension LabTask: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabTask {
        var task = self
        task.title = try title.filled(by: template)
        task.text = try text.filled(by: template)
        task.action = try action.filled(by: template)
        task.checks = try checks.filled(by: template)
        task.hints = try hints.filled(by: template)
        task.errata = try errata.filled(by: template)
        task.question = try question.filled(by: template)
        return task
    }
}

extension LabErratum: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabErratum {
        LabErratum(
            printed: try printed.filled(by: template), why: try why.filled(by: template), instead: try instead.filled(by: template),
            sign: sign)
    }
}
