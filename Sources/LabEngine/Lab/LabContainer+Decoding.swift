extension LabContainer {
    init(_ fields: LabFields) {
        self.init(
            image: fields["image"].string,
            name: fields["name"].string,
            command: fields[optional: "command"]?.strings ?? [],
            entrypoint: fields[optional: "entrypoint"]?.strings,
            environment: fields[optional: "environment"]?.dictionary ?? [:],
            ports: fields[optional: "ports"]?.list { $0.object(LabPort.init) } ?? [],
            mounts: fields[optional: "mounts"]?.list { $0.object(LabMount.init) } ?? [],
            gpu: fields[optional: "gpu"]?.keyword(otherwise: .never) ?? .never,
            user: fields[optional: "user"]?.string,
            memory: fields[optional: "memory"]?.string,
            cpus: fields[optional: "cpus"]?.string,
            shm: fields[optional: "shm"]?.string,
            timeout: fields[optional: "timeout"]?.seconds)
    }
}

extension LabPort {
    init(_ fields: LabFields) {
        self.init(host: fields["host"].string, container: fields["container"].integer)
    }
}

extension LabMount {
    init(_ fields: LabFields) {
        let target = fields["target"].string
        let readOnly = fields[optional: "read_only"]?.flag ?? false
        let source = fields.choice(
            [("workspace", { Source.workspace($0.string) }), ("lab", { Source.lab($0.string) })], otherwise: .workspace(""))
        // A student's container never writes into the lab itself.
        let ofLab = if case .lab = source { true } else { false }
        self.init(source: source, target: target, readOnly: readOnly || ofLab)
    }
}
