extension DockerCommand {
    /// `docker service create …`.
    package static func createService(_ config: ServiceConfig) -> [String] {
        let container = config.container
        var words = ["docker", "service", "create", "--name", config.name, "--network", config.network]
        words += ["--replicas", "\(config.replicas)", "--endpoint-mode", "dnsrr", "--update-order", "start-first", "--no-resolve-image"]
        words += health(config.health)
        words += option("--user", container.user)
        words += container.mounts.flatMap { mount in
            let end = mount.isReadOnly ? ",readonly" : ""
            return ["--mount", "type=\(mount.kind.rawValue),source=\(mount.source),target=\(mount.target)\(end)"]
        }
        words += container.environment.sorted { $0.key < $1.key }.flatMap { ["--env", "\($0.key)=\($0.value)"] }
        words += option("--limit-memory", container.memory.map(size))
        words += option("--limit-cpu", container.cpus.map(decimal))
        words += option("--entrypoint", container.entrypoint.map { ShellWord.line($0) })
        return words + [container.image] + (container.command ?? [])
    }

    private static func health(_ check: ServiceConfig.HealthCheck?) -> [String] {
        guard let check else { return ["--no-healthcheck"] }
        return [
            "--health-cmd", ShellWord.line(check.command), "--health-interval", "\(check.interval.components.seconds)s",
            "--health-start-period", "\(check.start.components.seconds)s",
        ]
    }
}
