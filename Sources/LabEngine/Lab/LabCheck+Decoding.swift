extension LabCheck {
    init(_ fields: LabFields) {
        let until = fields[optional: "until"]?.taskID
        let advice = fields[optional: "advice"]?.text
        self.init(subject: fields.choice(LabCheckSubject.decoders, otherwise: .engine), until: until, advice: advice)
    }
}

extension LabCheckSubject {
    /// The keys of an entry of `checks:`, apart from `until` and `advice`.
    static var decoders: [(key: String, decode: (LabValue) -> LabCheckSubject)] {
        [
            ("engine", { $0.trueMeaning(.engine) }),
            ("image", { .image(reference: $0.string) }),
            ("container", { $0.object(container) }),
            ("absent", { .absent(container: $0.string) }),
            ("logs", { $0.object { .logs(container: $0["container"].string, match: LabMatch($0)) } }),
            ("output", { .output(match: $0.object(LabMatch.init)) }),
            ("file", { $0.object(file) }),
            ("json", { $0.object { .json(path: $0["path"].string, pointer: $0["pointer"].string, match: LabMatch($0)) } }),
            ("command", { .command($0.object(LabCommandCheck.init)) }),
            ("inside", { $0.object(inside) }),
            ("http", { .http($0.object(LabHTTPCheck.init)) }),
            ("model", { $0.object { .model(server: $0["server"].string, name: $0["name"].string) } }),
            ("prediction", { $0.object(prediction) }),
        ]
    }

    private static func container(_ fields: LabFields) -> LabCheckSubject {
        .container(
            name: fields["name"].string,
            state: fields["state"].keyword(otherwise: .running),
            exitCode: fields[optional: "exit_code"]?.integer)
    }

    private static func file(_ fields: LabFields) -> LabCheckSubject {
        .file(
            path: fields["path"].string,
            minimumBytes: fields[optional: "minimum_bytes"]?.integer ?? 1,
            sha256: fields[optional: "sha256"]?.string)
    }

    private static func inside(_ fields: LabFields) -> LabCheckSubject {
        .inside(
            container: fields["container"].string,
            path: fields["path"].string,
            minimumBytes: fields[optional: "minimum_bytes"]?.integer ?? 1)
    }

    private static func prediction(_ fields: LabFields) -> LabCheckSubject {
        .prediction(
            server: fields["server"].string,
            model: fields["model"].string,
            cases: fields["cases"].notEmpty.list { $0.object(LabPredictionCase.init) })
    }
}

extension LabMatch {
    init(_ fields: LabFields) {
        self.init(
            pattern: fields["pattern"].string,
            capture: fields[optional: "capture"]?.string,
            atLeast: fields[optional: "at_least"]?.string)
    }
}

extension LabCommandCheck {
    init(_ fields: LabFields) {
        self.init(
            container: fields["container"].string,
            command: fields["command"].notEmpty.strings,
            match: LabMatch(fields),
            within: fields[optional: "within"]?.seconds)
    }
}

extension LabHTTPCheck {
    init(_ fields: LabFields) {
        self.init(
            url: fields["url"].string,
            status: fields[optional: "status"]?.integer ?? 200,
            pointer: fields[optional: "pointer"]?.string,
            equals: fields[optional: "equals"]?.string,
            server: fields[optional: "server"]?.string)
    }
}
