import LabSupport

/// What Kubernetes reads, and `podman kube play`.
extension DeployWriter {
    private typealias Entry = YAMLText.Entry

    var manifests: [YAMLText] {
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
