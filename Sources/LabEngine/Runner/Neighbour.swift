package import ContainerEngine
package import LabSupport

/// Another workspace on the same engine.
package struct Neighbour: Sendable, Equatable {
    package let id: String
    /// Its folder, if it can be found and this user can read it.
    package let folder: String?

    /// Looks for its folder among the mounts of the workspace's containers and in the default place of workspaces.
    package init(_ id: String, containers: [ContainerSummary], environment: [String: String]) {
        self.id = SafeLines.clean(text: id)
        let own = containers.filter { $0.labels[Label.workspace] == id }
        let mounted = own.flatMap { container in
            container.mounts.compactMap { Self.root($0, lab: container.labels[Label.lab] ?? "") }
        }
        let standard = Workspace.defaultRoot(environment: environment.filter { $0.key != "AILAB_HOME" })
        folder = (mounted + [standard]).first { root in
            // Somebody else's file: it may be a pipe, or have no end.
            (try? Files.readUntrusted("\(root)/id", limit: 1 << 10))
                .map { String(decoding: $0, as: UTF8.self).prefix { !$0.isWhitespace } == id } ?? false
        }
        .map(SafeLines.clean(text:))
    }

    /// The workspace of a folder below `work/<lab>`.
    private static func root(_ folder: String, lab: String) -> String? {
        guard !lab.isEmpty, let range = "\(folder)/".firstRange(of: "/work/\(lab)/") else { return nil }
        return String(folder[..<range.lowerBound])
    }

    /// Its name for people.
    package var name: String { folder ?? id }

    /// Says that a thing belongs to it.
    package var possession: Text { Text(en: "another workspace's (\(name))", zh: "另一个工作区（\(name)）的") }
}

extension RunContext {
    /// Everything known about another workspace.
    func neighbour(_ id: String) async -> Neighbour {
        let containers = try? await docker.listContainers(all: true, labels: ["\(Label.workspace)=\(id)"])
        return Neighbour(id, containers: containers ?? [], environment: environment)
    }

    /// The other workspace that made a container.
    func neighbour(of container: ContainerDetails, named name: String) async -> Neighbour? {
        guard let id = Owner(containerNamed: name, container.config.labels, workspace: workspace.id).neighbour else { return nil }
        return await neighbour(id)
    }

    /// The running container of another workspace that uses one of these ports of this machine.
    func neighbour(publishing ports: [Int]) async throws -> (port: Int, container: String, neighbour: Neighbour)? {
        for container in try await docker.listContainers(labels: [Label.workspace], allPorts: true) {
            guard let port = container.ports.compactMap(\.host).first(where: ports.contains) else { continue }
            for name in container.names {
                let owner = Owner(containerNamed: name, container.labels, workspace: workspace.id)
                if let id = owner.neighbour { return (port, SafeLines.clean(text: name), await neighbour(id)) }
            }
        }
        return nil
    }
}
