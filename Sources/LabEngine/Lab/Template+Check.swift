extension LabCheck: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabCheck {
        LabCheck(subject: try subject.filled(by: template), until: until, advice: try advice.filled(by: template))
    }
}

extension LabCheckSubject: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabCheckSubject {
        switch self {
        case .engine: .engine
        case .image(let reference): .image(reference: try reference.filled(by: template))
        case .container(let name, let state, let code):
            .container(name: try name.filled(by: template), state: state, exitCode: code)
        case .absent(let name): .absent(container: try name.filled(by: template))
        case .logs(let name, let match): .logs(container: try name.filled(by: template), match: try match.filled(by: template))
        case .output(let match): .output(match: try match.filled(by: template))
        case .file(let path, let bytes, let sum):
            .file(path: try path.filled(by: template), minimumBytes: bytes, sha256: try sum.filled(by: template))
        case .json(let path, let pointer, let match):
            .json(
                path: try path.filled(by: template), pointer: try pointer.filled(by: template), match: try match.filled(by: template))
        case .command(let check): .command(try check.filled(by: template))
        case .inside(let name, let path, let bytes):
            .inside(container: try name.filled(by: template), path: try path.filled(by: template), minimumBytes: bytes)
        case .http(let check): .http(try check.filled(by: template))
        case .model(let server, let name): .model(server: server, name: try name.filled(by: template))
        case .prediction(let server, let model, let cases):
            .prediction(server: server, model: try model.filled(by: template), cases: try cases.filled(by: template))
        }
    }
}

extension LabMatch: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabMatch {
        LabMatch(pattern: try template.fill(pattern: pattern), capture: capture, atLeast: try atLeast.filled(by: template))
    }
}

extension LabCommandCheck: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabCommandCheck {
        LabCommandCheck(
            container: try container.filled(by: template), command: try command.filled(by: template),
            match: try match.filled(by: template), within: within)
    }
}

extension LabHTTPCheck: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabHTTPCheck {
        LabHTTPCheck(
            url: try url.filled(by: template), status: status, pointer: try pointer.filled(by: template),
            equals: try equals.filled(by: template), server: server)
    }
}
