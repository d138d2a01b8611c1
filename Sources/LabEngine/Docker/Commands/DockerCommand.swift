import LabSupport

/// The `docker …` command lines that do the same as the client's API calls: what a student would type.
package enum DockerCommand {
    /// `docker run …`. Use `verb` for `docker create …`, which does not start the container.
    package static func run(
        _ config: ContainerConfig, name: String? = nil, isDetached: Bool = false, verb: String = "run"
    ) -> [String] {
        var words = ["docker", verb]
        if isDetached { words.append("-d") }
        if config.removesItself { words.append("--rm") }
        words += interaction(input: config.keepsInputOpen, terminal: config.hasTerminal)
        words += option("--name", name)
        words += option("--hostname", config.hostname)
        words += option("--user", config.user)
        words += option("--workdir", config.workingDirectory)
        words += option("--network", config.network)
        words += config.networkAliases.flatMap { ["--network-alias", $0] }
        if config.usesInit { words.append("--init") }
        words += config.ports.flatMap { ["-p", publish($0)] }
        words += config.mounts.flatMap(mount)
        words += config.environment.sorted { $0.key < $1.key }.flatMap { ["-e", "\($0.key)=\($0.value)"] }
        words += config.labels.sorted { $0.key < $1.key }.flatMap { ["--label", "\($0.key)=\($0.value)"] }
        words += gpus(config.gpus)
        words += option("--runtime", config.runtime)
        words += option("--memory", config.memory.map(size))
        words += option("--memory-swap", config.memoryAndSwap.map(size))
        words += option("--shm-size", config.sharedMemory.map(size))
        words += option("--cpus", config.cpus.map(decimal))
        words += option("--pids-limit", config.processLimit.map(String.init))
        return words + program(config)
    }

    /// `docker build …`. `directory` is the context.
    package static func build(_ options: BuildOptions, directory: String) -> [String] {
        var words = ["docker", "build"]
        words += options.tags.flatMap { ["-t", $0] }
        if options.dockerfile != "Dockerfile" { words += ["-f", options.dockerfile] }
        words += options.arguments.sorted { $0.key < $1.key }.flatMap { ["--build-arg", "\($0.key)=\($0.value)"] }
        words += options.labels.sorted { $0.key < $1.key }.flatMap { ["--label", "\($0.key)=\($0.value)"] }
        words += option("--target", options.target)
        words += option("--platform", options.platform)
        words += option("--network", options.network)
        if !options.usesCache { words.append("--no-cache") }
        if options.pullsBase { words.append("--pull") }
        return words + [directory]
    }

    /// `docker exec …`.
    package static func exec(_ container: String, _ config: ExecConfig) -> [String] {
        var words = ["docker", "exec"] + interaction(input: config.takesInput, terminal: config.hasTerminal)
        words += option("--user", config.user)
        words += option("--workdir", config.workingDirectory)
        words += config.environment.sorted { $0.key < $1.key }.flatMap { ["-e", "\($0.key)=\($0.value)"] }
        return words + [container] + config.command
    }

    /// `docker logs …`.
    package static func logs(_ container: String, _ options: LogOptions = LogOptions()) -> [String] {
        var words = ["docker", "logs"]
        if options.follows { words.append("-f") }
        if options.hasTimestamps { words.append("-t") }
        words += option("--tail", options.tail.map(String.init))
        words += option("--since", options.since)
        return words + [container]
    }

    /// `docker pull …`.
    package static func pull(_ image: String, platform: String? = nil) -> [String] {
        ["docker", "pull"] + option("--platform", platform) + [image]
    }

    /// `docker import …`. The archive is a file, or `-` for standard input.
    package static func importImage(_ archive: String, as name: String, changes: [String] = []) -> [String] {
        ["docker", "import"] + changes.flatMap { ["--change", $0] } + [archive, name]
    }

    /// `docker cp …` from the host into a container.
    package static func copy(_ path: String, into container: String, at target: String) -> [String] {
        ["docker", "cp", path, "\(container):\(target)"]
    }

    /// `docker cp …` out of a container.
    package static func copy(_ source: String, from container: String, to path: String) -> [String] {
        ["docker", "cp", "\(container):\(source)", path]
    }

    /// `docker VERB [--force] NAME…` for verbs that take only names: start, stop, rm, rmi, inspect, port, top and others.
    package static func plain(_ verb: String, _ names: [String], force: Bool = false) -> [String] {
        ["docker"] + verb.split(separator: " ").map(String.init) + (force ? ["-f"] : []) + names
    }

    private static func interaction(input: Bool, terminal: Bool) -> [String] {
        switch (input, terminal) {
        case (true, true): ["-it"]
        case (true, false): ["-i"]
        case (false, true): ["-t"]
        case (false, false): []
        }
    }

    static func option(_ name: String, _ value: String?) -> [String] { value.map { [name, $0] } ?? [] }

    private static func publish(_ port: PortMapping) -> String {
        let suffix = port.transport == "tcp" ? "" : "/\(port.transport)"
        let host = port.host.map(String.init) ?? ""
        let address = port.address.map { $0.contains(":") ? "[\($0)]" : $0 }
        switch (address, port.host) {
        case (.some(let address), _): return "\(address):\(host):\(port.container)\(suffix)"
        case (nil, .some): return "\(host):\(port.container)\(suffix)"
        case (nil, nil): return "\(port.container)\(suffix)"
        }
    }

    private static func mount(_ mount: ContainerMount) -> [String] {
        if mount.kind == .tmpfs {
            let options = (mount.isReadOnly ? ["ro"] : []) + (mount.bytes.map { ["size=\($0)"] } ?? [])
            return ["--tmpfs", ([mount.target] + (options.isEmpty ? [] : [options.joined(separator: ",")])).joined(separator: ":")]
        }
        // `-v` separates its parts with colons, so a path that contains one needs the long form.
        guard mount.source.contains(":") || mount.target.contains(":") else {
            return ["-v", "\(mount.source):\(mount.target)" + (mount.isReadOnly ? ":ro" : "")]
        }
        let end = mount.isReadOnly ? ",readonly" : ""
        return ["--mount", "type=\(mount.kind.rawValue),source=\(mount.source),target=\(mount.target)\(end)"]
    }

    private static func gpus(_ request: GPURequest?) -> [String] {
        switch request {
        case nil: []
        case .all: ["--gpus", "all"]
        case .count(let count): ["--gpus", "\(count)"]
        case .cdi(let names): names.flatMap { ["--device", $0] }
        // Docker's client reads the value as CSV, so a list with commas needs its own double quotes.
        case .devices(let ids): ["--gpus", ids.count == 1 ? "device=\(ids[0])" : "\"device=\(ids.joined(separator: ","))\""]
        }
    }

    /// The option takes only the first word of an entry point. The other words go before the command.
    private static func program(_ config: ContainerConfig) -> [String] {
        guard let entrypoint = config.entrypoint else { return [config.image] + (config.command ?? []) }
        return ["--entrypoint", entrypoint.first ?? "", config.image] + entrypoint.dropFirst() + (config.command ?? [])
    }

    /// The size in the largest unit that divides it.
    static func size(_ bytes: Int64) -> String {
        for (unit, shift) in [("g", 30), ("m", 20), ("k", 10)] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)"
    }

    static func decimal(_ value: Double) -> String {
        value == value.rounded() ? String(Int(shown: value)) : String(value)
    }
}
