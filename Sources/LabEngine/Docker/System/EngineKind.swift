import LabSupport

/// The kind of engine, as far as its responses show it.
package struct EngineKind: Sendable, Equatable {
    /// The engine's maker.
    package enum Maker: Sendable, Equatable {
        case docker
        case podman
        case other(String)
    }

    package var maker: Maker
    /// Whether it runs without root. Nil until the info is read.
    package var isRootless: Bool?
    /// Whether it is Docker Desktop, which runs in its own virtual machine. Nil until the info is read.
    package var isDesktop: Bool?
    /// Whether its images lie in the system's containerd. Nil until the info is read.
    package var usesSystemContainerd: Bool?

    /// Uses the ping alone.
    package init(ping: PingInfo) {
        let name = ping.server.map { String($0.prefix { $0 != "/" }) } ?? ""
        if ping.libpodVersion != nil || name == "Libpod" {
            maker = .podman
        } else {
            maker = name == "Docker" ? .docker : .other(name)
        }
    }

    /// `docker`, `podman`, or the engine's own name.
    package var name: String {
        switch maker {
        case .docker: "docker"
        case .podman: "podman"
        case .other(let name): name.isEmpty ? "engine" : SafeLines.clean(text: name)
        }
    }

    /// Uses the ping and the info.
    package init(ping: PingInfo, info: EngineInfo) {
        self.init(ping: ping)
        isRootless = info.isRootless
        isDesktop = info.operatingSystem?.hasPrefix("Docker Desktop") ?? false
        usesSystemContainerd = info.imageStore == .systemContainerd
    }
}
