import ContainerEngine
import Diagnosis
import HostFacts
import LabFile
import LabSupport

extension LabFactsAction: RunnableAction {
    func perform(in task: TaskContext) async throws {
        try await task.report(facts)
    }

    func commands(_ equivalent: Equivalent) -> [[String]] { facts.map { $0.command(run: equivalent.run) } }

    var imagesUsed: [String] { [] }

    var hashedValue: Any? { facts }

    func hashedFiles(in run: RunContext) -> [HashedFile] { [] }

    var places: Set<String> { ["host", "daemon"] }

    func imageMade(in run: RunContext) async throws -> WorkspaceImage? { nil }

    func look(in run: RunContext, fingerprint: String, record: TaskRecord?) async -> TaskLook? { nil }

    func authors(isDone: Bool, isAuto: Bool, notices: [Notice]) -> Set<SolutionAuthor> { [] }
}

extension LabFact {
    /// Empty if no single command shows it.
    fileprivate func command(run: RunContext) -> [String] {
        switch self {
        case .engine: ["docker", "info"]
        case .disk: ["df", "-h", run.workspace.root]
        case .memory: ["free", "-h"]
        case .processors: ["nproc"]
        case .gpu: ["nvidia-smi"]
        case .network: []
        }
    }
}

extension TaskContext {
    /// Reports facts about this machine.
    fileprivate func report(_ facts: [LabFact]) async throws {
        let host = HostFacts.read(folder: run.workspace.root)
        for fact in facts {
            for (name, text) in try await texts(fact, host) { self.fact(name, text) }
        }
    }

    private func texts(_ fact: LabFact, _ host: HostFacts) async throws -> [(String, Text)] {
        switch fact {
        case .engine: return [("engine.version", try await engine())]
        case .disk: return [("disk.free", disk(host.disk))]
        case .memory: return [("memory.available", memory(host.memory))]
        case .processors: return [("processors", processors(host.processors))]
        case .gpu: return gpu(host.nvidia)
        case .network: return network()
        }
    }

    private func engine() async throws -> Text {
        let docker = try await docker
        let info = try await docker.info()
        let version = "\(info.serverVersion ?? "?") (API \(docker.version))"
        let place = "\(info.storageDriver ?? "?"), \(info.imageFolder(root: .machine) ?? "?")"
        return Text(en: "Engine: \(version), storage \(place)", zh: "容器引擎：\(version)，存储 \(place)")
    }

    private func disk(_ fact: HostFact<DiskSpace>) -> Text {
        guard let disk = fact.value else { return fact.reason ?? Text(en: "Disk: unknown", zh: "磁盘：未知") }
        let free = ByteSize.shown(Double(disk.free))
        let total = ByteSize.shown(Double(disk.total))
        return Text(en: "Disk: \(free) free of \(total) at \(disk.folder)", zh: "磁盘：\(disk.folder) 可用 \(free)，共 \(total)")
    }

    private func memory(_ fact: HostFact<Memory>) -> Text {
        guard let memory = fact.value else { return fact.reason ?? Text(en: "Memory: unknown", zh: "内存：未知") }
        let free = ByteSize.shown(Double(memory.available))
        let total = ByteSize.shown(Double(memory.total))
        return Text(en: "Memory: \(free) available of \(total)", zh: "内存：可用 \(free)，共 \(total)")
    }

    private func processors(_ fact: Processors) -> Text {
        Text(en: "Processors: \(fact.usable) usable of \(fact.online)", zh: "处理器：共 \(fact.online) 个，可用 \(fact.usable) 个")
    }

    private func gpu(_ facts: NVIDIAFacts) -> [(String, Text)] {
        let none = Text(en: "none", zh: "无")
        let devices = facts.devices.value.map { Text(verbatim: $0.joined(separator: ", ")) } ?? facts.devices.reason ?? none
        let driver = facts.driverVersion.value.map { Text(verbatim: $0) } ?? facts.driverVersion.reason ?? none
        return [
            ("gpu.devices", Text(en: "GPU: \(devices.en)", zh: "GPU：\(devices.zh)")),
            ("gpu.driver", Text(en: "GPU driver: \(driver.en)", zh: "GPU 驱动：\(driver.zh)")),
        ]
    }

    private func network() -> [(String, Text)] {
        let notices = run.network.notices
        guard notices.isEmpty else { return notices.map { ("network", Text(en: "Network: \($0.en)", zh: "网络：\($0.zh)")) } }
        return [
            (
                "network",
                Text(
                    en: "Network: no proxy, mirror or private certificate authority", zh: "网络：没有代理、镜像源或私有证书，无需特殊处理")
            )
        ]
    }
}
