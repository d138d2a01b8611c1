import ContainerEngine
import LabFile
import LabSupport

/// Writes a service in the words of a platform, with comments in one language.
struct DeployWriter {
    let service: DeployedService
    let language: Language
    /// The engine with the image is Podman's.
    let isPodman: Bool

    private typealias Entry = YAMLText.Entry

    func deployment(_ target: DeployTarget) -> Deployment {
        let commands = commands(target)
        let notes = notes(target)
        let head = Text(
            en:
                "Serves the model \(service.name). Written by `ailab deploy --to \(target.rawValue)`; it's yours, so change it as you like.",
            zh: "提供模型 \(service.name) 的服务。由 `ailab deploy --to \(target.rawValue)` 生成，可以随意修改。")
        let comments = ([head[language]] + commands.map { "    \($0)" } + notes.map { $0[language] })
            // A value of the lab may have line ends. The text after a line end has to stay a comment.
            .flatMap { $0.split(whereSeparator: \.isNewline) }.map { "# \($0)\n" }.joined()
        let text =
            switch target {
            case .compose: compose.written
            case .swarm: stack.written
            case .kube: manifests.map(\.written).joined(separator: "---\n")
            }
        let main = Deployment.File(name: target.fileName, content: Array("\(comments)\n\(text)".utf8))
        // Kubernetes has the files in its manifest.
        let others = target == .kube ? [] : service.files.map { Deployment.File(name: $0.name, content: $0.content) }
        return Deployment(
            target: target, model: service.name, project: service.project, files: [main] + others, commands: commands, notes: notes)
    }

    /// The commands that start and end the service, and those that show how it goes.
    private func commands(_ target: DeployTarget) -> [String] {
        let compose = isPodman ? "podman-compose" : "docker compose"
        let image = ShellWord.quoted(service.image)
        let file = target.fileName
        return switch target {
        case .compose: ["\(compose) up -d", "\(compose) ps", "\(compose) down"]
        case .swarm:
            [
                "docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377",
                "docker stack deploy --resolve-image never -c \(file) \(service.project)",
                "docker service ps \(service.project)_\(service.name)",
                "docker stack rm \(service.project)",
                "docker swarm leave --force",
            ]
        case .kube:
            (isPodman ? [] : ["docker save \(image) | podman load"]) + [
                "podman kube play --publish 127.0.0.1:\(service.hostPort):\(service.port) \(file)",
                "podman kube down \(file)",
                "kubectl apply -f \(file)",
            ]
        }
    }

    private func notes(_ target: DeployTarget) -> [Text] {
        var notes = [
            Text(
                en: "Ready means that a worker of the model is READY. The server's own health page says nothing about workers.",
                zh: "“就绪”指模型有一个 worker 处于 READY 状态。服务器自己的健康页面不反映 worker 的状态。"),
            Text(
                en:
                    "Left out: the ports for managing models and for metrics. Anyone who reaches the management port can run code on the server.",
                zh: "未包含：管理模型的端口和指标端口。任何能访问管理端口的人都能在服务器上运行代码。"),
        ]
        let elsewhere = Text(
            en:
                "The image and the archive are only on this machine. For other nodes, copy the archive into the image and push it to a registry.",
            zh: "镜像和模型包只在本机。要在其他节点运行，请把模型包复制进镜像，再推送到镜像仓库。")
        let engine = isPodman ? "podman" : "docker"
        let port = Text(
            en: "Port \(service.hostPort) is also the lab server's. If that runs, stop it first: `\(engine) stop \(service.container)`.",
            zh: "端口 \(service.hostPort) 也是实验服务器的端口。如果它正在运行，请先停止：`\(engine) stop \(service.container)`。")
        switch target {
        case .compose:
            notes.append(port)
            notes.append(
                Text(
                    en: "Compose restarts a container that ends, but not one that is unhealthy.",
                    zh: "Compose 会重启已退出的容器，但不会重启不健康的容器。"))
        case .swarm:
            notes += [
                Text(
                    en:
                        "`swarm init` makes this engine the manager of a swarm, and `swarm leave` ends that. If it is part of one already, leave both out.",
                    zh: "`swarm init` 让该引擎成为 swarm 的管理节点，`swarm leave` 结束它。如果引擎已经属于某个 swarm，请省略这两条。"),
                Text(
                    en:
                        "Left out: a published port, because a swarm opens it on all addresses of the machine. Containers in the network \(service.project) "
                        + "reach the service at http://\(service.name):\(service.port).",
                    zh: "未包含：对外端口，因为 swarm 会在本机所有地址上开放它。网络 \(service.project) 中的容器可通过 "
                        + "http://\(service.name):\(service.port) 访问该服务。"),
                elsewhere,
            ]
            if service.usesGPU {
                notes.append(
                    Text(
                        en: "Left out: the GPU. Each node's engine must offer it as a generic resource first.",
                        zh: "未包含：GPU。每个节点的引擎必须先把它声明为 generic resource。"))
            }
        case .kube:
            notes += [
                port,
                Text(
                    en: "No control plane was tried. `podman kube play` starts one replica of the Deployment and ignores the Service.",
                    zh: "没有在 Kubernetes 控制平面上试过。`podman kube play` 只启动 Deployment 的一个副本，并忽略 Service。"),
                Text(
                    en: "Left out: an Ingress with a login, and a NetworkPolicy. Everyone in the cluster reaches the Service.",
                    zh: "未包含：带登录的 Ingress 和 NetworkPolicy。集群中的任何人都能访问该 Service。"),
                elsewhere,
            ]
        }
        return notes
    }

    // MARK: Compose

    /// Compose and stack files replace `$NAME`, so a dollar is written twice.
    private static func compose(_ text: String) -> String { text.replacing("$", with: "$$") }

    private static func text(_ text: String) -> YAMLText { .text(compose(text)) }

    private func said(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }

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

    private var compose: YAMLText {
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

    // MARK: Swarm

    private var stack: YAMLText {
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

    // MARK: Kubernetes

    private var manifests: [YAMLText] {
        let labels = YAMLText.mapping([Entry("app", .text(service.name))])
        let metadata = YAMLText.mapping([Entry("name", .text(service.project)), Entry("labels", labels)])
        let config = YAMLText.mapping([
            Entry("apiVersion", .text("v1")), Entry("kind", .text("ConfigMap")), Entry("metadata", metadata),
            Entry(
                "data",
                .mapping(service.files.map { Entry($0.name, .document(String(decoding: $0.content, as: UTF8.self))) })),
        ])
        let deployment = YAMLText.mapping([
            Entry("apiVersion", .text("apps/v1")), Entry("kind", .text("Deployment")), Entry("metadata", metadata),
            Entry(
                "spec",
                .mapping([
                    Entry("replicas", .number(service.replicas)),
                    Entry("selector", .mapping([Entry("matchLabels", labels)])),
                    Entry(
                        "strategy",
                        .mapping([
                            Entry("type", .text("RollingUpdate")),
                            Entry("rollingUpdate", .mapping([Entry("maxUnavailable", .number(0)), Entry("maxSurge", .number(1))])),
                        ]),
                        comment: said("The new replica must be ready before an old one ends.", "新副本就绪之后，旧副本才会结束。")),
                    Entry("template", .mapping([Entry("metadata", .mapping([Entry("labels", labels)])), Entry("spec", pod)])),
                ])),
        ])
        let access = YAMLText.mapping([
            Entry("apiVersion", .text("v1")), Entry("kind", .text("Service")), Entry("metadata", metadata),
            Entry(
                "spec",
                .mapping([
                    Entry("selector", labels),
                    Entry("ports", .list([.mapping([Entry("port", .number(service.port)), Entry("targetPort", .number(service.port))])])),
                ])),
        ])
        return (service.files.isEmpty ? [] : [config]) + [deployment, access]
    }

    /// Kubernetes replaces `$(NAME)` in commands.
    private static func kube(_ words: [String]) -> YAMLText { .words(words.map { $0.replacing("$(", with: "$$(") }) }

    private func probe(failures: Int) -> YAMLText {
        .mapping([
            Entry("exec", .mapping([Entry("command", Self.kube(service.ready))])),
            Entry("periodSeconds", .number(DeployedService.interval)),
            Entry("timeoutSeconds", .number(DeployedService.timeout)),
            Entry("failureThreshold", .number(failures)),
        ])
    }

    private var pod: YAMLText {
        var container = [
            Entry("name", .text(service.name)),
            Entry("image", .text(service.image)),
            Entry(
                "imagePullPolicy", .text("Never"),
                comment: said("It's on this machine. With a registry: IfNotPresent.", "镜像在本机。使用镜像仓库时改为 IfNotPresent。")),
        ]
        if let entrypoint = service.entrypoint { container.append(Entry("command", Self.kube(entrypoint))) }
        if !service.command.isEmpty { container.append(Entry("args", Self.kube(service.command))) }
        if !service.environment.isEmpty {
            let variables = service.environment.sorted { $0.key < $1.key }
            container.append(
                Entry("env", .list(variables.map { .mapping([Entry("name", .text($0.key)), Entry("value", .text($0.value))]) })))
        }
        container.append(Entry("ports", .list([.mapping([Entry("containerPort", .number(service.port))])])))
        if let security { container.append(Entry("securityContext", security)) }
        let limits = limits
        if !limits.isEmpty { container.append(Entry("resources", .mapping([Entry("limits", .mapping(limits))]))) }
        container += [
            Entry(
                "startupProbe", probe(failures: max(1, service.start / DeployedService.interval)),
                comment: said("All three ask whether a worker of the model is READY.", "三个探针都检查模型是否有 worker 处于 READY 状态。")),
            Entry("readinessProbe", probe(failures: DeployedService.failures)),
            Entry(
                "livenessProbe", probe(failures: 4 * DeployedService.failures),
                comment: said("A minute without a worker that is READY: restart.", "一分钟没有 READY 的 worker：重启。")),
        ]
        let volumes = volumes
        if !volumes.isEmpty {
            container.append(Entry("volumeMounts", .list(volumes.map(\.mount))))
        }
        var spec = [Entry("containers", .list([.mapping(container)]))]
        if !volumes.isEmpty {
            // All files are keys of one volume.
            var seen: Set<String> = []
            spec.append(Entry("volumes", .list(volumes.filter { seen.insert($0.name).inserted }.map(\.volume))))
        }
        return .mapping(spec)
    }

    private var security: YAMLText? {
        let ids = service.user?.split(separator: ":").compactMap { Int($0) } ?? []
        guard let user = ids.first else { return nil }
        return .mapping([Entry("runAsUser", .number(user))] + ids.dropFirst().map { Entry("runAsGroup", .number($0)) })
    }

    private var limits: [YAMLText.Entry] {
        var limits: [Entry] = []
        if let cpus = service.cpus { limits.append(Entry("cpu", .text("\(cpus)"))) }
        if let memory = service.memory { limits.append(Entry("memory", .number(Int(memory)))) }
        if service.usesGPU { limits.append(Entry("nvidia.com/gpu", .number(1))) }
        return limits
    }

    private var volumes: [(name: String, mount: YAMLText, volume: YAMLText)] {
        let folders = service.mounts.enumerated().map { index, mount in
            let name = "folder-\(index + 1)"
            return (
                name: name,
                mount: YAMLText.mapping([
                    Entry("name", .text(name)), Entry("mountPath", .text(mount.target)), Entry("readOnly", .flag(true)),
                ]),
                volume: YAMLText.mapping([
                    Entry("name", .text(name)),
                    Entry(
                        "hostPath", .mapping([Entry("path", .text(mount.source)), Entry("type", .text("Directory"))]),
                        comment: said(
                            "A folder of this machine. On a cluster: a PersistentVolumeClaim.", "本机的目录。在集群上使用 PersistentVolumeClaim。")),
                ])
            )
        }
        let files = service.files.map { file in
            (
                name: "settings",
                mount: YAMLText.mapping([
                    Entry("name", .text("settings")), Entry("mountPath", .text(file.target)), Entry("subPath", .text(file.name)),
                    Entry("readOnly", .flag(true)),
                ]),
                volume: YAMLText.mapping([
                    Entry("name", .text("settings")), Entry("configMap", .mapping([Entry("name", .text(service.project))])),
                ])
            )
        }
        let memory = service.sharedMemory.map { size in
            (
                name: "shared-memory",
                mount: YAMLText.mapping([Entry("name", .text("shared-memory")), Entry("mountPath", .text("/dev/shm"))]),
                volume: YAMLText.mapping([
                    Entry("name", .text("shared-memory")),
                    Entry("emptyDir", .mapping([Entry("medium", .text("Memory")), Entry("sizeLimit", .number(Int(size)))])),
                ])
            )
        }
        return folders + files + (memory.map { [$0] } ?? [])
    }
}
