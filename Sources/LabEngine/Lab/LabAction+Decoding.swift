extension LabAction {
    /// The keys of `action:`.
    static var decoders: [(key: String, decode: (LabValue) -> LabAction)] {
        [
            ("read", { $0.trueMeaning(.read) }),
            ("facts", { .facts($0.notEmpty.list { $0.keyword(otherwise: LabFact.engine) }) }),
            ("image", { .image(name: $0.string) }),
            ("file", { .file($0.object(LabFileAction.init)) }),
            ("build", { .build($0.object(LabBuildAction.init)) }),
            ("run", { .run($0.object(LabContainer.init)) }),
            ("shell", { .shell($0.object(LabShellAction.init)) }),
            ("exec", { .exec($0.object(LabExecAction.init)) }),
            ("containers", { $0.trueMeaning(.containers) }),
            ("compare", { .compare($0.object(LabContainer.init)) }),
            ("copy", { .copy($0.object(LabCopyAction.init)) }),
            ("fetch", { .fetch($0.object(LabFetchAction.init)) }),
            ("serve", { .serve($0.object(LabServeAction.init)) }),
            ("archive", { .archive($0.object(LabArchiveAction.init)) }),
            ("register", { .register($0.object(LabRegisterAction.init)) }),
            ("predict", { .predict($0.object(LabPredictAction.init)) }),
            ("stop", { .stop(server: $0.string) }),
        ]
    }
}

extension LabFileAction {
    init(_ fields: LabFields) {
        self.init(path: fields["path"].string, template: fields["template"].string, reference: fields["reference"].string)
    }
}

extension LabBuildAction {
    init(_ fields: LabFields) {
        self.init(
            tag: fields["tag"].string,
            context: fields["context"].string,
            dockerfile: fields["dockerfile"].string,
            student: fields[optional: "student"]?.string,
            arguments: fields[optional: "arguments"]?.dictionary ?? [:])
    }
}

extension LabShellAction {
    init(_ fields: LabFields) {
        self.init(container: fields["container"].object(LabContainer.init), script: fields["script"].notEmpty.strings)
    }
}

extension LabExecAction {
    init(_ fields: LabFields) {
        self.init(
            container: fields["container"].string,
            command: fields["command"].notEmpty.strings,
            user: fields[optional: "user"]?.string,
            timeout: fields[optional: "timeout"]?.seconds)
    }
}

extension LabCopyAction {
    init(_ fields: LabFields) {
        self.init(
            direction: fields["direction"].keyword(otherwise: Direction.out),
            container: fields["container"].string,
            inside: fields["inside"].string,
            outside: fields["outside"].string)
    }
}

extension LabFetchAction {
    init(_ fields: LabFields) {
        self.init(files: fields["files"].notEmpty.list { $0.object(LabFetchFile.init) })
    }
}

extension LabFetchFile {
    init(_ fields: LabFields) {
        self.init(path: fields["path"].string, sha256: fields["sha256"].string, urls: fields["urls"].notEmpty.strings)
    }
}

extension LabServeAction {
    init(_ fields: LabFields) {
        self.init(
            server: fields["server"].string,
            container: fields["container"].object(LabContainer.init),
            ready: fields["ready"].seconds)
    }
}

extension LabArchiveAction {
    init(_ fields: LabFields) {
        self.init(
            server: fields["server"].string,
            modelName: fields["model_name"].string,
            version: fields["version"].string,
            modelFile: fields[optional: "model_file"]?.string,
            serializedFile: fields["serialized_file"].string,
            handler: fields["handler"].string,
            extraFiles: fields[optional: "extra_files"]?.strings ?? [],
            exportPath: fields["export_path"].string)
    }
}

extension LabRegisterAction {
    init(_ fields: LabFields) {
        self.init(
            server: fields["server"].string,
            model: fields["model"].string,
            archive: fields["archive"].string,
            workers: fields[optional: "workers"]?.integer ?? 1,
            ready: fields["ready"].seconds)
    }
}

extension LabPredictAction {
    init(_ fields: LabFields) {
        self.init(
            server: fields["server"].string,
            model: fields["model"].string,
            cases: fields["cases"].notEmpty.list { $0.object(LabPredictionCase.init) },
            timeout: fields["timeout"].seconds)
    }
}

extension LabPredictionCase {
    init(_ fields: LabFields) {
        self.init(picture: fields["picture"].string, expected: fields["expected"].notEmpty.strings)
    }
}
