/// A container as `docker run` starts it.
package struct LabContainer: Sendable, Equatable {
    /// Whether the container gets the GPU.
    package enum GPU: String, Sendable, CaseIterable {
        case never
        /// It gets the GPU if the run's device is the GPU.
        case auto
    }

    package var image: String
    package var name: String
    /// Empty for the image's own command.
    package var command: [String]
    package var entrypoint: [String]?
    package var environment: [String: String]
    /// Published on 127.0.0.1 only.
    package var ports: [LabPort]
    package var mounts: [LabMount]
    package var gpu: GPU
    package var user: String?
    /// The memory limit, with docker's suffixes (`512m`).
    package var memory: String?
    /// The number of processors. Fractions are allowed.
    package var cpus: String?
    package var shm: String?
    /// The time limit in seconds. When it's over, the container is stopped and the task fails. Nil for none.
    package var timeout: Int?

    package init(
        image: String, name: String, command: [String] = [], entrypoint: [String]? = nil,
        environment: [String: String] = [:],
        ports: [LabPort] = [], mounts: [LabMount] = [], gpu: GPU = .never, user: String? = nil,
        memory: String? = nil,
        cpus: String? = nil, shm: String? = nil, timeout: Int? = nil
    ) {
        self.image = image
        self.name = name
        self.command = command
        self.entrypoint = entrypoint
        self.environment = environment
        self.ports = ports
        self.mounts = mounts
        self.gpu = gpu
        self.user = user
        self.memory = memory
        self.cpus = cpus
        self.shm = shm
        self.timeout = timeout
    }
}

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

extension LabContainer {
    /// The folders of the workspace that are mounted in it.
    package var workspaceFolders: [String] {
        mounts.compactMap { if case .workspace(let path) = $0.source { path } else { nil } }
    }

    /// Everything that an action relies on if it starts this container.
    func uses(at path: LabPath) -> [LabUse] {
        let ports = ports.enumerated().map { LabUse(.port($1.host), path["ports"][$0]["host"]) }
        let mounts = mounts.enumerated().flatMap { $1.uses(at: path["mounts"][$0]) }
        return [LabUse(.anyImage(image), path["image"])] + ports + mounts
    }

    /// The parts of the machine that such an action depends on.
    var concerns: [LabConcern] {
        [.engine, .containers, .container(name)] + ports.compactMap { Int($0.host).map { .port($0) } }
            + (gpu == .auto ? [.gpu] : []) + (workspaceFolders.isEmpty ? [] : [.workspace])
    }
}
