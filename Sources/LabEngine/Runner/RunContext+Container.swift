package import ContainerEngine
package import LabFile
import LabSupport

/// An image as the engine has it.
package struct ResolvedImage: Sendable, Equatable {
    var reference: String
    /// The image sets HOME itself.
    var setsHome: Bool
    /// The engine has it.
    package var exists = true
}

extension RunContext {
    /// The image of a container, as the engine has it. If it doesn't exist, the engine refuses to create the container.
    package func resolve(_ name: String) async throws -> ResolvedImage {
        let reference: String
        let details: ImageDetails?
        if let image = try await workspaceImage(name) {
            (reference, details) = (image.reference, image.used?.entry.details)
        } else {
            reference = try await self.reference(name)
            details = try await docker.imageIfPresent(reference)
        }
        let setsHome = details?.config.environment?.contains { $0.hasPrefix("HOME=") } ?? false
        return ResolvedImage(reference: reference, setsHome: setsHome, exists: details != nil)
    }

    /// An image of which only the name in the lab's file is known, because no engine answers.
    package func unresolved(_ name: String) -> ResolvedImage {
        ResolvedImage(reference: spec.namedImage(name)?.tag ?? name, setsHome: true, exists: false)
    }

    /// The engine's form of a lab's container. It's used to create the container, and to show the command.
    package func config(_ container: LabContainer, image: ResolvedImage, terminal: Bool = false) throws -> ContainerConfig {
        var config = ContainerConfig(image: image.reference, command: container.command.isEmpty ? nil : container.command)
        config.entrypoint = container.entrypoint
        config.environment = container.environment
        config.hasTerminal = terminal
        config.keepsInputOpen = terminal
        config.user = container.user
        config.ports = container.ports.map { PortMapping(container: $0.container, host: Int($0.host)) }
        config.mounts = container.mounts.map(mount)
        if container.gpu == .auto, device == "gpu" { config.gpus = gpus }
        config.memory = try container.memory.map { try ByteSize.parse($0) }
        config.sharedMemory = try container.shm.map { try ByteSize.parse($0) }
        config.cpus = container.cpus.flatMap { Double($0) }
        if !container.workspaceFolders.isEmpty, container.user == nil, let user = containerUser {
            config.user = user
            // A user id without an entry in /etc/passwd has no home, so programs that look for one try to write to /.
            if !image.setsHome, config.environment["HOME"] == nil { config.environment["HOME"] = "/tmp" }
        }
        return config
    }

    private func mount(_ mount: LabMount) -> ContainerMount {
        switch mount.source {
        case .workspace(let path): ContainerMount(source: workFile(path).shown, target: mount.target, isReadOnly: mount.readOnly)
        case .lab(let path): ContainerMount(source: labFile(path).shown, target: mount.target, isReadOnly: true)
        }
    }

    /// Where the folders that a container mounts really are. The engine follows every link when it mounts them, so a link that a container
    /// left there would lead it to any place of this machine.
    func realMounts(_ container: LabContainer) throws(LabError) -> [ContainerMount] {
        var mounts: [ContainerMount] = []
        for mount in container.mounts {
            var real = self.mount(mount)
            switch mount.source {
            case .workspace(let path): real.source = try workFile(path).realPath()
            case .lab(let path): real.source = try labFile(path).realPath()
            }
            mounts.append(real)
        }
        return mounts
    }

    /// The user that containers run as. If the engine runs as root, a container's root would write files to the workspace that the student
    /// can't delete. A rootless engine already maps root to the student.
    static func containerUser(id: UInt32, group: UInt32, engine: EngineKind) -> String? {
        id == 0 || engine.isRootless == true ? nil : "\(id):\(group)"
    }
}
