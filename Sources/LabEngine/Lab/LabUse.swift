/// Something that a task relies on, and its place in the file.
struct LabUse {
    enum Subject: Hashable {
        /// An entry of `images:`.
        case namedImage(String)
        /// A variable that is meant by its name, without `${…}`.
        case variable(String)
        /// An image on the engine.
        case image(String)
        case server(String)
        case container(String)
        /// The name of a container that the task makes. No other task may use it.
        case newContainer(String)
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

        /// An image as containers and checks name it: `image:NAME` for an entry of `images:`, or else a reference.
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
    /// Everything that its action and its checks rely on. `path` is the task's place.
    func uses(at path: LabPath) -> [LabUse] {
        action.uses(at: path["action"]) + checks.enumerated().flatMap { $1.subject.uses(at: path["checks"][$0]) }
    }
}

extension LabCheckSubject {
    /// Everything that it relies on. `path` is the check's place.
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
        case .command(let check):
            [LabUse(.container(check.container), path["command"]["container"]), LabUse(.match(check.match), path["command"])]
        case .inside(let name, let file, _):
            [LabUse(.container(name), path["inside"]["container"]), LabUse(.inside(file), path["inside"]["path"])]
        case .http(let check): check.server.map { [LabUse(.server($0), path["http"]["server"])] } ?? []
        case .model(let server, let name):
            [
                LabUse(.server(server), path["model"]["server"]),
                LabUse(.model(server: server, name: name), path["model"]["name"]),
            ]
        case .prediction(let server, let model, let cases):
            LabPredictionCase.uses(server: server, model: model, cases, at: path["prediction"])
        }
    }
}
