import ContainerEngine
import LabFile
import LabSupport

/// Writes a service in the words of a platform, with comments in one language.
struct DeployWriter {
    let service: DeployedService
    let language: Language
    /// The engine with the image is Podman's.
    let isPodman: Bool
    var imageState = ImageState.there

    enum ImageState {
        case there
        case missing
        /// No engine answered.
        case unknown
    }

    func deployment(_ target: DeployTarget) -> Deployment {
        let commands = commands(target)
        let notes = notes(target)
        let head = Text(
            en:
                "Serves the model \(service.name). Written by `ailab deploy --to \(target.rawValue)`; it's yours, so change it as you like.",
            zh: "提供模型 \(service.name) 的服务。由 `ailab deploy --to \(target.rawValue)` 生成，可以随意修改。")
        let comments = ([head[language]] + commands.map { "    \($0.told(language))" } + notes.map { $0[language] })
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

    /// The commands in the order in which they are typed.
    private func commands(_ target: DeployTarget) -> [Deployment.Command] {
        let compose = isPodman ? "podman-compose" : "docker compose"
        let image = ShellWord.quoted(service.image)
        let file = target.fileName
        let ask = "curl -T PICTURE.png http://127.0.0.1:\(service.hostPort)/predictions/\(ShellWord.quoted(service.model))"
        return switch target {
        case .compose:
            [
                .init(.start, "\(compose) up -d"), .init(.look, "\(compose) ps"), .init(.ask, ask), .init(.end, "\(compose) down"),
            ]
        case .swarm:
            [
                .init(.prepare, "docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377"),
                .init(.start, "docker stack deploy --resolve-image never -c \(file) \(service.project)"),
                .init(.look, "docker service ps \(service.project)_\(service.name)"),
                .init(.end, "docker stack rm \(service.project)"),
                .init(.leave, "docker swarm leave --force"),
            ]
        case .kube:
            (isPodman ? [] : [.init(.prepare, "docker save \(image) | podman load")]) + [
                .init(.start, "podman kube play --publish 127.0.0.1:\(service.hostPort):\(service.port) \(file)"),
                .init(.ask, ask),
                .init(.end, "podman kube down \(file)"),
                .init(.cluster, "kubectl apply -f \(file)"),
            ]
        }
    }

    private func notes(_ target: DeployTarget) -> [Text] {
        let general = [
            Text(
                en: "Ready means that a worker of the model is READY. The server's own health page says nothing about workers.",
                zh: "“就绪”指模型有一个 worker 处于 READY 状态。服务器自己的健康页面不反映 worker 的状态。"),
            Text(
                en:
                    "Left out: the ports for managing models and for metrics. Anyone who reaches the management port can run code on the server.",
                zh: "未包含：管理模型的端口和指标端口。任何能访问管理端口的人都能在服务器上运行代码。"),
        ]
        return imageNote + general + notes(onlyFor: target)
    }

    private func notes(onlyFor target: DeployTarget) -> [Text] {
        switch target {
        case .compose: [port, Self.restarts]
        case .swarm: swarmNotes + [nodes] + (service.replicas > 1 ? [spread] : []) + (service.usesGPU ? [Self.noGPU] : [])
        case .kube: [port] + Self.kubeNotes + [Self.elsewhere]
        }
    }

    private var port: Text {
        let engine = isPodman ? "podman" : "docker"
        return Text(
            en: "Port \(service.hostPort) is also the lab server's. If that runs, stop it first: `\(engine) stop \(service.container)`.",
            zh: "端口 \(service.hostPort) 也是实验服务器的端口。如果它正在运行，请先停止：`\(engine) stop \(service.container)`。")
    }

    private static let restarts = Text(
        en: "Compose restarts a container that ends, but not one that is unhealthy.",
        zh: "Compose 会重启已退出的容器，但不会重启不健康的容器。")

    private var swarmNotes: [Text] {
        [
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
        ]
    }

    private static let elsewhere = Text(
        en:
            "The image and the archive are only on this machine. For other nodes, copy the archive into the image and push it to a registry.",
        zh: "镜像和模型包只在本机。要在其他节点运行，请把模型包复制进镜像，再推送到镜像仓库。")

    private var nodes: Text {
        Text(
            en: Self.elsewhere.en
                + " Or copy both to each node: the image with `docker save` and `docker load`, the archive into the same folder.",
            zh: Self.elsewhere.zh
                + "或者把两者复制到每个节点：镜像用 `docker save` 和 `docker load`，模型包放到相同的目录。")
    }

    private static let noGPU = Text(
        en: "Left out: the GPU. Each node's engine must offer it as a generic resource first.",
        zh: "未包含：GPU。每个节点的引擎必须先把它声明为 generic resource。")

    private static let kubeNotes = [
        Text(
            en: "No control plane was tried. `podman kube play` starts one replica of the Deployment and ignores the Service.",
            zh: "没有在 Kubernetes 控制平面上试过。`podman kube play` 只启动 Deployment 的一个副本，并忽略 Service。"),
        Text(
            en: "Left out: an Ingress with a login, and a NetworkPolicy. Everyone in the cluster reaches the Service.",
            zh: "未包含：带登录的 Ingress 和 NetworkPolicy。集群中的任何人都能访问该 Service。"),
    ]

    /// A new replica starts before an old one ends, so while it's placed, the nodes have as many.
    private var spread: Text {
        let name = "\(service.project)_\(service.name)"
        let line = "docker service scale \(name)=\(service.replicas + 1)"
        let back = "docker service scale \(name)=\(service.replicas)"
        return Text(
            en:
                "On several nodes, an update may leave all replicas on one. Before you drain a node, spread them: `\(line)`, then `\(back)`.",
            zh: "在多个节点上，更新之后所有副本可能集中在一个节点。排空节点之前，请先重新分散副本：先执行 `\(line)`，再执行 `\(back)`。")
    }

    private var imageNote: [Text] {
        switch imageState {
        case .there: []
        case .missing:
            [
                Text(
                    en: "The engine doesn't have the image \(service.image) yet. Build it in the lab before you start the service.",
                    zh: "引擎中还没有镜像 \(service.image)。启动服务之前，请先在实验中构建它。")
            ]
        case .unknown:
            [
                Text(
                    en:
                        "No engine answered. These files are for Docker and for the image's own user; with an engine, run the command again.",
                    zh: "没有引擎响应。这些文件按 Docker 和镜像自带的用户编写；引擎可用后请重新运行该命令。")
            ]
        }
    }

    func said(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }
}
