/// Something that a task relies on, and where the file says so.
struct LabUse {
    enum Subject: Hashable {
        /// An entry of `images:`.
        case namedImage(String)
        /// An image on the engine.
        case image(String)
        case server(String)
        case container(String)
        case model(server: String, name: String)
        case labFile(String)
        case labFolder(String)
        case workspacePath(String)
        case match(LabMatch)
        case checksum(String)
        /// A port of the host, as text.
        case port(String)
        /// A path inside a container.
        case inside(String)

        /// An image as containers and checks name it: `image:NAME` for an entry of `images:`, else a reference.
        static func anyImage(_ reference: String) -> Subject {
            LabImage.name(in: reference).map { .namedImage($0) } ?? .image(reference)
        }
    }

    var subject: Subject
    var path: LabPath

    init(_ subject: Subject, _ path: LabPath) {
        self.subject = subject
        self.path = path
    }
}

extension LabTask {
    /// All that its action and its checks rely on. `path` is the task's place.
    func uses(at path: LabPath) -> [LabUse] {
        action.uses(at: path["action"]) + checks.enumerated().flatMap { $1.subject.uses(at: path["checks"][$0]) }
    }
}

extension LabAction {
    /// What it relies on.
    func uses(at path: LabPath) -> [LabUse] {
        switch self {
        case .read, .facts, .containers: []
        case .image(let name): [LabUse(.namedImage(name), path["image"])]
        case .file(let file): file.uses(at: path["file"])
        case .build(let build): build.uses(at: path["build"])
        case .run(let container): container.uses(at: path["run"])
        case .compare(let container): container.uses(at: path["compare"])
        case .shell(let shell): shell.container.uses(at: path["shell"]["container"])
        case .exec(let exec): [LabUse(.container(exec.container), path["exec"]["container"])]
        case .copy(let copy): copy.uses(at: path["copy"])
        case .fetch(let fetch): fetch.uses(at: path["fetch"]["files"])
        case .serve(let serve):
            [LabUse(.server(serve.server), path["serve"]["server"])] + serve.container.uses(at: path["serve"]["container"])
        case .archive(let archive): [LabUse(.server(archive.server), path["archive"]["server"])]
        case .register(let register): [LabUse(.server(register.server), path["register"]["server"])]
        case .predict(let predict): predict.uses(at: path["predict"])
        case .stop(let server): [LabUse(.server(server), path["stop"])]
        }
    }

    /// What exists once it is done.
    func makes(in spec: LabSpec) -> [LabUse.Subject] {
        switch self {
        case .image(let name): [.namedImage(name)] + (spec.image(name).map { [.image($0.tag)] } ?? [])
        case .build(let build): [.image(build.tag)]
        case .run(let container), .compare(let container): [.container(container.name)]
        case .shell(let shell): [.container(shell.container.name)]
        case .serve(let serve): [.server(serve.server), .container(serve.container.name)]
        case .register(let register): [.model(server: register.server, name: register.model)]
        case .read, .facts, .file, .exec, .containers, .copy, .fetch, .archive, .predict, .stop: []
        }
    }
}

extension LabFileAction {
    fileprivate func uses(at path: LabPath) -> [LabUse] {
        [
            LabUse(.workspacePath(self.path), path["path"]), LabUse(.labFile(template), path["template"]),
            LabUse(.labFile(reference), path["reference"]),
        ]
    }
}

extension LabBuildAction {
    fileprivate func uses(at path: LabPath) -> [LabUse] {
        let files = [LabUse(.labFolder(context), path["context"]), LabUse(.labFile(dockerfile), path["dockerfile"])]
        let own = student.map { [LabUse(.workspacePath($0), path["student"])] } ?? []
        let images = arguments.sorted { $0.key < $1.key }.compactMap { key, value in
            LabImage.name(in: value).map { LabUse(.namedImage($0), path["arguments"][key]) }
        }
        return files + own + images
    }
}

extension LabContainer {
    fileprivate func uses(at path: LabPath) -> [LabUse] {
        let ports = ports.enumerated().map { LabUse(.port($1.host), path["ports"][$0]["host"]) }
        let mounts = mounts.enumerated().flatMap { $1.uses(at: path["mounts"][$0]) }
        return [LabUse(.anyImage(image), path["image"])] + ports + mounts
    }
}

extension LabMount {
    fileprivate func uses(at path: LabPath) -> [LabUse] {
        let outside =
            switch source {
            case .workspace(let folder): LabUse(.workspacePath(folder), path["workspace"])
            case .lab(let folder): LabUse(.labFolder(folder), path["lab"])
            }
        return [outside, LabUse(.inside(target), path["target"])]
    }
}

extension LabCopyAction {
    fileprivate func uses(at path: LabPath) -> [LabUse] {
        [
            LabUse(.container(container), path["container"]), LabUse(.inside(inside), path["inside"]),
            LabUse(.workspacePath(outside), path["outside"]),
        ]
    }
}

extension LabFetchAction {
    fileprivate func uses(at path: LabPath) -> [LabUse] {
        files.enumerated().flatMap {
            [LabUse(.workspacePath($1.path), path[$0]["path"]), LabUse(.checksum($1.sha256), path[$0]["sha256"])]
        }
    }
}

extension LabPredictAction {
    fileprivate func uses(at path: LabPath) -> [LabUse] {
        [LabUse(.server(server), path["server"]), LabUse(.model(server: server, name: model), path["model"])]
            + cases.uses(at: path["cases"])
    }
}

extension [LabPredictionCase] {
    fileprivate func uses(at path: LabPath) -> [LabUse] {
        enumerated().map { LabUse(.labFile($1.picture), path[$0]["picture"]) }
    }
}

extension LabCheckSubject {
    /// What it relies on. `path` is the check's place.
    func uses(at path: LabPath) -> [LabUse] {
        switch self {
        case .engine, .absent: []
        case .image(let reference): [LabUse(.anyImage(reference), path["image"])]
        case .container(let name, _, _): [LabUse(.container(name), path["container"]["name"])]
        case .logs(let name, let match):
            [LabUse(.container(name), path["logs"]["container"]), LabUse(.match(match), path["logs"])]
        case .output(let match): [LabUse(.match(match), path["output"])]
        case .file(let file, _, let sum):
            [LabUse(.workspacePath(file), path["file"]["path"])]
                + (sum.map { [LabUse(.checksum($0), path["file"]["sha256"])] } ?? [])
        case .json(let file, _, let match):
            [LabUse(.workspacePath(file), path["json"]["path"]), LabUse(.match(match), path["json"])]
        case .inside(let name, let file, _):
            [LabUse(.container(name), path["inside"]["container"]), LabUse(.inside(file), path["inside"]["path"])]
        case .http(let check): check.server.map { [LabUse(.server($0), path["http"]["server"])] } ?? []
        case .model(let server, let name):
            [
                LabUse(.server(server), path["model"]["server"]),
                LabUse(.model(server: server, name: name), path["model"]["name"]),
            ]
        case .prediction(let server, let model, let cases):
            LabPredictAction(server: server, model: model, cases: cases, timeout: 1).uses(at: path["prediction"])
        }
    }
}
