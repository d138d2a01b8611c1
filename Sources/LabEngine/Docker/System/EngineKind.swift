import LabSupport

/// Which engine answers, as far as it shows.
package struct EngineKind: Sendable, Equatable {
    /// Who wrote it.
    package enum Maker: Sendable, Equatable {
        case docker
        case podman
        case other(String)
    }

    package var maker: Maker
    /// Whether it runs without root; nil until its info was read.
    package var isRootless: Bool?
    /// Whether it is Docker Desktop, in a machine of its own; nil until its info was read.
    package var isDesktop: Bool?

    /// From the ping alone.
    package init(ping: PingInfo) {
        let name = ping.server.map { String($0.prefix { $0 != "/" }) } ?? ""
        if ping.libpodVersion != nil || name == "Libpod" {
            maker = .podman
        } else {
            maker = name == "Docker" ? .docker : .other(name)
        }
    }

    /// `docker`, `podman`, or what it calls itself.
    package var name: String {
        switch maker {
        case .docker: "docker"
        case .podman: "podman"
        case .other(let name): name.isEmpty ? "engine" : SafeLines.clean(text: name)
        }
    }

    /// From the ping and the info.
    package init(ping: PingInfo, info: EngineInfo) {
        self.init(ping: ping)
        isRootless = info.securityOptions?.contains { $0 == "rootless" || $0.hasPrefix("name=rootless") } ?? false
        isDesktop = info.operatingSystem?.hasPrefix("Docker Desktop") ?? false
    }
}
