import LabSupport

/// What Compose and Swarm read. A stack file is a compose file with keys of its own.
extension DeployWriter {
    private typealias Entry = YAMLText.Entry

    /// Compose and stack files replace `$NAME`, so a dollar is written twice.
    private static func compose(_ text: String) -> String { text.replacing("$", with: "$$") }

    private static func text(_ text: String) -> YAMLText { .text(compose(text)) }

    /// The keys that compose files and stack files have in common.
    private var container: [Entry] {
        var entries = [Entry("image", Self.text(service.image))]
        if let entrypoint = service.entrypoint { entries.append(Entry("entrypoint", .words(entrypoint.map(Self.compose)))) }
        if !service.command.isEmpty { entries.append(Entry("command", .words(service.command.map(Self.compose)))) }
        if let user = service.user { entries.append(Entry("user", Self.text(user))) }
        if !service.environment.isEmpty {
            let variables = service.environment.sorted { $0.key < $1.key }.map { Entry($0.key, Self.text($0.value)) }
            entries.append(Entry("environment", .mapping(variables)))
        }
        return entries
    }

    private var health: Entry {
        Entry(
            "healthcheck",
            .mapping([
                Entry("test", .words(["CMD"] + service.ready.map(Self.compose))),
                Entry("interval", .text("\(DeployedService.interval)s")),
                Entry("timeout", .text("\(DeployedService.timeout)s")),
                Entry("retries", .number(DeployedService.failures)),
                Entry("start_period", .text("\(service.start)s")),
            ]),
            comment: said("Healthy: a worker of the model is READY.", "健康：模型有一个 worker 处于 READY 状态。"))
    }

    private func bind(_ source: String, _ target: String) -> YAMLText {
        .mapping([
            Entry("type", .text("bind")), Entry("source", Self.text(source)), Entry("target", Self.text(target)),
            Entry("read_only", .flag(true)),
        ])
    }

    var compose: YAMLText {
        var entries = container
        entries.append(
            Entry(
                "pull_policy", .text("never"),
                comment: said("You built it. A registry's image of this name is another one.", "镜像由你构建；镜像仓库中的同名镜像是别的镜像。")))
        entries.append(Entry("ports", .list([.text("127.0.0.1:\(service.hostPort):\(service.port)")])))
        let mounts =
            service.mounts.map { bind($0.source, $0.target) } + service.files.map { bind("./\($0.name)", $0.target) }
        if !mounts.isEmpty { entries.append(Entry("volumes", .list(mounts))) }
        entries.append(health)
        entries.append(Entry("restart", .text("unless-stopped")))
        if let cpus = service.cpus { entries.append(Entry("cpus", .text(String(cpus)))) }
        if let memory = service.memory { entries.append(Entry("mem_limit", .number(Int(memory)))) }
        if let size = service.sharedMemory { entries.append(Entry("shm_size", .number(Int(size)))) }
        if service.usesGPU {
            let device = YAMLText.mapping([
                Entry("driver", .text("nvidia")), Entry("count", .text("all")), Entry("capabilities", .words(["gpu"])),
            ])
            entries.append(Entry("deploy", Self.nested("resources", "reservations", "devices", value: .list([device]))))
        }
        return .mapping([
            Entry("name", .text(service.project)), Entry("services", .mapping([Entry(service.name, .mapping(entries))])),
        ])
    }

    /// A value below one key after another.
    private static func nested(_ keys: String..., value: YAMLText) -> YAMLText {
        keys.reversed().reduce(value) { .mapping([Entry($1, $0)]) }
    }

    var stack: YAMLText {
        var entries = container
        entries.append(Entry("networks", .words(["default"])))
        var mounts = service.mounts.map { bind($0.source, $0.target) }
        if let size = service.sharedMemory {
            mounts.append(
                .mapping([
                    Entry("type", .text("tmpfs")), Entry("target", .text("/dev/shm")),
                    Entry("tmpfs", .mapping([Entry("size", .number(Int(size)))])),
                ]))
        }
        if !mounts.isEmpty { entries.append(Entry("volumes", .list(mounts))) }
        if !service.files.isEmpty {
            let configs = service.files.map { file in
                YAMLText.mapping([
                    Entry("source", .text(configName(file))), Entry("target", Self.text(file.target)),
                ])
            }
            entries.append(Entry("configs", .list(configs)))
        }
        entries.append(health)
        entries.append(Entry("deploy", stackDeploy))
        var top = [
            Entry("version", .text("3.8")),
            Entry("services", .mapping([Entry(service.name, .mapping(entries))])),
            Entry(
                "networks",
                .mapping([
                    Entry(
                        "default",
                        .mapping([
                            Entry("name", .text(service.project)), Entry("driver", .text("overlay")), Entry("attachable", .flag(true)),
                        ]))
                ])),
        ]
        if !service.files.isEmpty {
            let configs = service.files.map { Entry(configName($0), .mapping([Entry("file", Self.text("./\($0.name)"))])) }
            top.append(
                Entry(
                    "configs", .mapping(configs),
                    comment: said("A config never changes. A changed file needs another name here.", "config 不可修改。文件有改动时，请在这里换一个名称。")))
        }
        return .mapping(top)
    }

    private func configName(_ file: DeployedService.File) -> String {
        "\(DeployedService.hostName(file.name))-\(SHA256.hex(of: file.content).prefix(8))"
    }

    private var stackDeploy: YAMLText {
        let rolling: [Entry] = [
            Entry("parallelism", .number(1)), Entry("order", .text("start-first")), Entry("monitor", .text("15s")),
        ]
        var entries = [
            Entry("replicas", .number(service.replicas)),
            Entry(
                "endpoint_mode", .text("dnsrr"),
                comment: said("The name leads to the replicas that are healthy, in turns.", "该名称轮流指向健康的副本。")),
            Entry(
                "update_config", .mapping(rolling + [Entry("failure_action", .text("rollback"))]),
                comment: said(
                    "The new replica must be healthy before an old one ends; if it doesn't get there, the old version stays.",
                    "新副本健康之后，旧副本才会结束；如果新副本无法就绪，则保留旧版本。")),
            Entry("rollback_config", .mapping(rolling)),
            Entry("restart_policy", .mapping([Entry("condition", .text("any")), Entry("delay", .text("5s"))])),
        ]
        var limits: [Entry] = []
        if let cpus = service.cpus { limits.append(Entry("cpus", .text("\(cpus)"))) }
        if let memory = service.memory { limits.append(Entry("memory", .text("\(memory)"))) }
        if !limits.isEmpty { entries.append(Entry("resources", .mapping([Entry("limits", .mapping(limits))]))) }
        return .mapping(entries)
    }
}
