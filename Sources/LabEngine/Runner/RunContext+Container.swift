import ContainerEngine
import LabFile
import LabSupport

/// An image as the engine has it.
struct ResolvedImage: Sendable, Equatable {
    var reference: String
    /// It says itself where a user's home is.
    var setsHome: Bool
}

extension RunContext {
    /// The image of a container, asked of the engine; the engine refuses one that is not there when the container is made.
    func resolve(_ name: String) async throws -> ResolvedImage {
        let reference: String
        let details: ImageDetails?
        if let image = try await workspaceImage(name) {
            (reference, details) = (image.reference, image.used?.entry.details)
        } else {
            reference = try await self.reference(name)
            details = try await docker.imageIfPresent(reference)
        }
        let setsHome = details?.config.environment?.contains { $0.hasPrefix("HOME=") } ?? false
        return ResolvedImage(reference: reference, setsHome: setsHome)
    }

    /// The engine's form of a lab's container: what is made, and what the student is shown.
    func config(_ container: LabContainer, image: ResolvedImage, terminal: Bool = false) throws -> ContainerConfig {
        var config = ContainerConfig(image: image.reference, command: container.command.isEmpty ? nil : container.command)
        config.entrypoint = container.entrypoint
        config.environment = container.environment
        config.hasTerminal = terminal
        config.keepsInputOpen = terminal
        config.user = container.user
        config.ports = container.ports.map { PortMapping(container: $0.container, host: Int($0.host)) }
        config.mounts = container.mounts.map(mount)
        if container.gpu == .auto, device == "gpu" { config.gpus = .all }
        config.memory = try container.memory.map { try ByteSize.parse($0) }
        config.sharedMemory = try container.shm.map { try ByteSize.parse($0) }
        config.cpus = container.cpus.flatMap { Double($0) }
        if !container.workspaceFolders.isEmpty, container.user == nil, let user = containerUser {
            config.user = user
            // A number without an entry in /etc/passwd has no home, and programs that look for one try to write to /.
            if !image.setsHome, config.environment["HOME"] == nil { config.environment["HOME"] = "/tmp" }
        }
        return config
    }

    private func mount(_ mount: LabMount) -> ContainerMount {
        switch mount.source {
        case .workspace(let path): ContainerMount(source: workPath(path), target: mount.target, isReadOnly: mount.readOnly)
        case .lab(let path): ContainerMount(source: labPath(path), target: mount.target, isReadOnly: true)
        }
    }

    /// The user whose files containers are to write: with an engine that belongs to root, files that a container's root wrote to the
    /// workspace would be root's, and the student could not delete them. A rootless engine maps root to the student already.
    static func containerUser(id: UInt32, group: UInt32, engine: EngineKind) -> String? {
        id == 0 || engine.isRootless == true ? nil : "\(id):\(group)"
    }
}
