package import LabSupport

/// What a lab asks of the machine, for those who decide whether to run it.
///
/// A lab file can't ask for more than this: there are no words for privileged containers, the host's network or processes, devices other than
/// the GPU, sockets, and folders outside of the lab's and the student's.
package struct LabDemands: Sendable, Equatable {
    /// One line for each kind of demand. Empty for a lab that asks for nothing.
    package let lines: [Text]

    package init(_ spec: LabSpec) {
        let clusters = spec.tasks.compactMap { task in if case .cluster(let cluster) = task.action { cluster } else { nil } }
        let containers = spec.tasks.compactMap(\.action.startedContainer) + clusters.map(\.service)
        var lines: [Text] = []
        func add(_ items: [String], _ en: String, _ zh: String) {
            var seen: Set<String> = []
            let words = items.filter { seen.insert($0).inserted }
            guard !words.isEmpty else { return }
            lines.append(Text(en: "\(en): \(words.joined(separator: ", "))", zh: "\(zh)：\(words.joined(separator: "、"))"))
        }
        add(Self.tags(spec), "downloads or builds images", "下载或构建镜像")
        add(containers.map(\.name), "runs containers", "运行容器")
        add(containers.filter { $0.user == "root" || $0.user?.hasPrefix("0") == true }.map(\.name), "as root inside", "容器内以 root 运行")
        add(containers.filter { $0.gpu == .auto }.map(\.name), "with the GPU, if there is one", "使用 GPU（如果有）")
        add(containers.flatMap(\.ports).map { "127.0.0.1:\($0.host)" }, "opens ports of this machine only", "仅在本机开放端口")
        add(Self.folders(containers, readOnly: false), "writes to folders of the workspace", "写入工作区目录")
        add(Self.folders(containers, readOnly: true), "reads folders", "读取目录")
        add(clusters.map(\.service.name), "begins a swarm, if you allow it, and runs services", "创建 swarm（经你同意）并运行服务")
        add(Self.addresses(spec), "downloads files from", "从以下地址下载文件")
        self.lines = lines
    }

    private static func tags(_ spec: LabSpec) -> [String] {
        spec.images.map(\.tag)
            + spec.tasks.compactMap { task in
                if case .build(let build) = task.action { build.tag } else { nil }
            }
    }

    private static func folders(_ containers: [LabContainer], readOnly: Bool) -> [String] {
        containers.flatMap(\.mounts).filter { $0.readOnly == readOnly }.map { mount in
            switch mount.source {
            case .workspace(let path): path
            case .lab(let path): "lab: \(path)"
            }
        }
    }

    private static func addresses(_ spec: LabSpec) -> [String] {
        spec.tasks.flatMap { task -> [String] in
            guard case .fetch(let fetch) = task.action else { return [] }
            return fetch.files.flatMap(\.urls)
        }
    }
}
