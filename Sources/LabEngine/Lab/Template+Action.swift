extension LabAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabAction {
        switch self {
        case .read, .facts, .containers, .image, .stop: self
        case .file(let file): .file(try file.filled(by: template))
        case .build(let build): .build(try build.filled(by: template))
        case .run(let container): .run(try container.filled(by: template))
        case .shell(let shell): .shell(try shell.filled(by: template))
        case .exec(let exec): .exec(try exec.filled(by: template))
        case .compare(let container): .compare(try container.filled(by: template))
        case .copy(let copy): .copy(try copy.filled(by: template))
        case .fetch(let fetch): .fetch(LabFetchAction(files: try fetch.files.filled(by: template)))
        case .serve(let serve): .serve(try serve.filled(by: template))
        case .archive(let archive): .archive(try archive.filled(by: template))
        case .register(let register): .register(try register.filled(by: template))
        case .predict(let predict): .predict(try predict.filled(by: template))
        }
    }
}

extension LabFileAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabFileAction {
        LabFileAction(
            path: try path.filled(by: template), template: try self.template.filled(by: template),
            reference: try reference.filled(by: template))
    }
}

extension LabBuildAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabBuildAction {
        LabBuildAction(
            tag: try tag.filled(by: template), context: try context.filled(by: template), dockerfile: try dockerfile.filled(by: template),
            student: try student.filled(by: template), arguments: try arguments.filled(by: template))
    }
}

extension LabShellAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabShellAction {
        LabShellAction(container: try container.filled(by: template), script: try script.filled(by: template))
    }
}

extension LabExecAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabExecAction {
        LabExecAction(
            container: try container.filled(by: template), command: try command.filled(by: template),
            user: try user.filled(by: template), timeout: timeout)
    }
}

extension LabCopyAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabCopyAction {
        LabCopyAction(
            direction: direction, container: try container.filled(by: template), inside: try inside.filled(by: template),
            outside: try outside.filled(by: template))
    }
}

extension LabFetchFile: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabFetchFile {
        LabFetchFile(
            path: try path.filled(by: template), sha256: try sha256.filled(by: template), urls: try urls.filled(by: template))
    }
}

extension LabServeAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabServeAction {
        LabServeAction(server: server, container: try container.filled(by: template), ready: ready)
    }
}

extension LabArchiveAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabArchiveAction {
        LabArchiveAction(
            server: server, modelName: try modelName.filled(by: template), version: try version.filled(by: template),
            modelFile: try modelFile.filled(by: template), serializedFile: try serializedFile.filled(by: template),
            handler: try handler.filled(by: template), extraFiles: try extraFiles.filled(by: template),
            exportPath: try exportPath.filled(by: template))
    }
}

extension LabRegisterAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabRegisterAction {
        LabRegisterAction(
            server: server, model: try model.filled(by: template), archive: try archive.filled(by: template), workers: workers,
            ready: ready)
    }
}

extension LabPredictAction: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabPredictAction {
        LabPredictAction(
            server: server, model: try model.filled(by: template), cases: try cases.filled(by: template), timeout: timeout)
    }
}

extension LabPredictionCase: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabPredictionCase {
        LabPredictionCase(picture: try picture.filled(by: template), expected: try expected.filled(by: template))
    }
}
