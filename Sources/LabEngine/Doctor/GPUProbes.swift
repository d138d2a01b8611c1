import ContainerEngine
import Diagnosis
import HostFacts
import LabFile
import LabRunner
import LabSupport
import Telemetry

/// The chain from the graphics processor to what a container sees of it. Without one, the lab computes on the processor.
enum GPUProbes {
    static let all: [Probe] = [
        Probe("gpu.device", Text(en: "Graphics processor", zh: "显卡"), causes: ["gpu-not-visible"], look: device),
        Probe(
            "gpu.driver", Text(en: "NVIDIA driver", zh: "NVIDIA 驱动"), needs: ["gpu.device"], causes: ["gpu-driver-not-loaded"], look: driver
        ),
        Probe(
            "gpu.nodes", Text(en: "Device files", zh: "设备文件"), needs: ["gpu.driver"], causes: ["gpu-nodes-missing"], look: nodes),
        Probe(
            "gpu.library", Text(en: "Driver's libraries", zh: "驱动库"), needs: ["gpu.driver"], causes: ["gpu-driver-library-mismatch"],
            look: library),
        Probe(
            "gpu.version", Text(en: "Driver is new enough", zh: "驱动版本"), needs: ["gpu.driver"], causes: ["gpu-driver-too-old"],
            look: version),
        Probe(
            "gpu.toolkit", Text(en: "NVIDIA Container Toolkit", zh: "NVIDIA 容器工具包"), needs: ["gpu.driver"],
            causes: ["gpu-no-nvidia-runtime"], look: toolkit),
        Probe(
            "gpu.runtime", Text(en: "The engine can give GPUs away", zh: "引擎能分配 GPU"), needs: ["gpu.toolkit", "engine.socket"],
            causes: ["gpu-no-nvidia-runtime"], look: runtime),
        Probe("gpu.cdi", Text(en: "CDI descriptions", zh: "CDI 描述文件"), needs: ["gpu.toolkit"], causes: ["gpu-cdi"], look: cdi),
        Probe(
            "gpu.container", Text(en: "What a container sees", zh: "容器实际看到的"), needs: ["gpu.runtime", "gpu.nodes"], timeout: .seconds(45),
            causes: ["gpu-not-visible", "gpu-no-nvidia-runtime"], look: GPUContainer.look),
    ]

    private static let consequence = Text(en: " Training and serving use the CPU.", zh: "训练和推理使用 CPU。")

    private static func device(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let facts = try await scene.host().nvidia
        if let devices = facts.devices.value { return .good(Text(verbatim: "NVIDIA \(devices.joined(separator: ", "))")) }
        // WSL has its card behind another device, and its driver's library beside it.
        if scene.root.exists("/dev/dxg"), scene.root.exists("/usr/lib/wsl/lib/libcuda.so.1") {
            return .good(Text(en: "through WSL (/dev/dxg)", zh: "通过 WSL 提供（/dev/dxg）"))
        }
        // A driver that works needs no further proof of the card: many virtual machines hide the bus.
        if facts.driverVersion.value != nil { return .good(Text(en: "known to the driver only", zh: "只有驱动能看到")) }
        let reason = (facts.devices.reason ?? Text(en: "none.", zh: "无。")).joined(consequence)
        guard scene.device == .gpu else { return .moot(reason) }
        return await scene.found("gpu-not-visible", reason, concerns: [.gpu])
    }

    /// Who insists on a GPU is blocked by what is wrong with it; for everybody else there is the CPU.
    private static func found(
        _ scene: DoctorScene, _ cause: String, _ measured: Text, evidence: [Text] = [], fill: [String: String] = [:], first: [Remedy] = []
    ) async -> ProbeVerdict {
        let seen =
            (evidence.isEmpty ? [measured] : evidence)
            + (scene.device == .gpu ? [] : [Self.consequence.map { String($0.drop { $0 == " " }) }])
        return await scene.found(cause, measured, evidence: seen, concerns: scene.device == .gpu ? [.gpu] : [], fill: fill, first: first)
    }

    private static func isWSL(_ scene: DoctorScene) -> Bool { scene.root.exists("/dev/dxg") }

    private static func driver(_ scene: DoctorScene) async throws -> ProbeVerdict {
        if isWSL(scene) { return .good(Text(en: "Windows has it", zh: "由 Windows 提供")) }
        let facts = try await scene.host().nvidia
        guard let version = facts.driverVersion.value else {
            let reason = facts.driverVersion.reason ?? Text(en: "not loaded", zh: "没有加载")
            let nouveau =
                scene.root.exists("/sys/module/nouveau")
                ? [Text(en: "the free driver nouveau has the card, which cannot compute", zh: "显卡由开源驱动 nouveau 占用，它不支持 CUDA")] : []
            return await found(scene, "gpu-driver-not-loaded", reason, evidence: [reason] + nouveau)
        }
        return .good(Text(verbatim: version))
    }

    private static func nodes(_ scene: DoctorScene) async throws -> ProbeVerdict {
        if isWSL(scene) { return .good(Text(verbatim: "/dev/dxg")) }
        let found = try await scene.host().nvidia.nodes
        let missing = ["/dev/nvidiactl", "/dev/nvidia-uvm"].filter { !scene.root.exists($0) }
        guard let nodes = found.value, missing.isEmpty else {
            let all = (found.value == nil ? ["/dev/nvidia0"] : []) + missing
            let list = Text.words(all)
            return await Self.found(scene, "gpu-nodes-missing", Text(en: "\(list.en) missing", zh: "缺少 \(list.zh)"))
        }
        return .good(Text(verbatim: nodes.joined(separator: " ")))
    }

    private static let libraryFolders = [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib/wsl/lib",
        "/usr/lib/x86_64-linux-gnu/nvidia/current",
    ]

    /// The library's file carries the version of the driver that it belongs to. Where it lies elsewhere, what counts is what programs get
    /// when they load it.
    private static func library(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let name = "libnvidia-ml.so."
        let versions = libraryFolders.flatMap { scene.root.names(in: $0) }.filter { $0.hasPrefix(name) && $0 != name + "1" }
            .map { String($0.dropFirst(name.count)) }
        guard let driver = try await scene.host().nvidia.driverVersion.value, !versions.isEmpty else {
            let reading = GPUMeter(root: scene.root).read(at: 0)
            return reading.absence.map { .note($0.reason) } ?? .good(Text(verbatim: reading.driver ?? "NVML"))
        }
        guard versions.contains(driver) else {
            let list = Text.words(Set(versions).sorted())
            let measured = Text(
                en: "the loaded driver is \(driver), the libraries are \(list.en)", zh: "已加载的驱动为 \(driver)，而驱动库为 \(list.zh)")
            return await found(scene, "gpu-driver-library-mismatch", measured)
        }
        return .good(Text(verbatim: driver))
    }

    /// The oldest driver for CUDA 12, which the wheels of the lab's torch bring along.
    /// https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/ (table of minor version compatibility)
    private static let oldestDriver = 525

    private static func version(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let driver = try await scene.host().nvidia.driverVersion.value else { return .note(Text(en: "unknown", zh: "未知")) }
        guard let major = driver.split(separator: ".").first.flatMap({ Int($0) }), major < oldestDriver else {
            return .good(Text(en: "\(driver) runs CUDA 12", zh: "\(driver) 支持 CUDA 12"))
        }
        let measured = Text(
            en: "\(driver), and CUDA 12 in the lab's image needs \(oldestDriver) or newer",
            zh: "\(driver)，而实验镜像中的 CUDA 12 需要 \(oldestDriver) 或更新版本")
        return await found(scene, "gpu-driver-too-old", measured)
    }

    private static func programs(_ scene: DoctorScene) -> ExecutableLookup {
        ExecutableLookup(path: scene.environment["PATH"], below: scene.root.real(""))
    }

    private static func toolkit(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let programs = programs(scene)
        let there = ["nvidia-container-runtime-hook", "nvidia-container-runtime", "nvidia-ctk"].compactMap { programs.find($0) }
        guard !there.isEmpty else {
            return await found(scene, "gpu-no-nvidia-runtime", Text(en: "not installed", zh: "没有安装"))
        }
        return .good(Text(verbatim: there.joined(separator: " ")))
    }

    private static func runtime(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let kind = EngineKind(ping: try await scene.docker().ping)
        guard kind.maker != .podman else {
            return .moot(
                Text(
                    en: "Podman ignores the Docker API's request for a GPU: training uses the CPU",
                    zh: "Podman 会忽略 Docker API 的 GPU 请求：训练使用 CPU"))
        }
        let info = try await scene.info()
        let devices = (info.discoveredDevices ?? []).compactMap(\.id).filter { $0.hasPrefix("nvidia.com/") }
        if info.runtimes?["nvidia"] != nil { return .good(Text(en: "the runtime nvidia is registered", zh: "已注册 nvidia 运行时")) }
        if !devices.isEmpty { return .good(Text(verbatim: "CDI: " + SafeLines.clean(text: devices.prefix(4).joined(separator: ", ")))) }
        if programs(scene).find("nvidia-container-runtime-hook") != nil {
            return .good(Text(en: "by the toolkit's hook", zh: "通过工具包的 hook"))
        }
        return await found(
            scene, "gpu-no-nvidia-runtime", Text(en: "the toolkit is installed and not registered with the engine", zh: "工具包已安装，但没有在引擎中注册"))
    }

    private static func cdi(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let specs = ["/etc/cdi", "/var/run/cdi"].flatMap { folder in
            scene.root.names(in: folder).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }.map { "\(folder)/\($0)" }
        }
        guard let driver = try await scene.host().nvidia.driverVersion.value, let spec = specs.first(where: { $0.contains("nvidia") })
        else {
            return .note(Text(en: "none; docker does without", zh: "无；docker 不需要它"))
        }
        // The files that it names carry the driver's version.
        guard let text = scene.root.text(spec), text.contains("libcuda.so"), !text.contains(".so.\(driver)") else {
            return .good(Text(verbatim: specs.joined(separator: " ")))
        }
        let measured = Text(en: "\(spec) is of another driver than \(driver)", zh: "\(spec) 对应的驱动不是 \(driver)")
        return await found(scene, "gpu-cdi", measured)
    }
}

/// Asks a container that was given every GPU what it has of them.
enum GPUContainer {
    static func look(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let docker = try await scene.docker()
        guard let image = try await image(scene) else {
            return .note(Text(en: "no image of the lab is on the engine yet to look with", zh: "引擎上还没有可用来检查的实验镜像"))
        }
        var config = ContainerConfig(image: image, command: ["-c", "ls -d /dev/nvidia[0-9]* /dev/dxg 2>/dev/null; nvidia-smi -L 2>&1"])
        config.entrypoint = ["/bin/sh"]
        config.gpus = .all
        config.labels = ["ailab.doctor": "gpu.container"]
        config.network = "none"
        let made = try await docker.createContainer(config, name: "ailab-doctor-\(UInt32.random(in: 0 ... .max))")
        return try await cleaningUp {
            try? await docker.removeContainer(made.id, force: true)
        } after: {
            try await see(made.id, docker, scene)
        }
    }

    private static func see(_ id: String, _ docker: DockerClient, _ scene: DoctorScene) async throws -> ProbeVerdict {
        do {
            let wait = try await docker.beginWait(id, for: .nextExit)
            try await docker.startContainer(id)
            _ = try await wait.exitCode()
        } catch let error as DockerError {
            let words = LabError(error)
            let cause = SafeLines.clean(text: words.cause ?? words.message.en)
            return await scene.found(
                "gpu-no-nvidia-runtime", words.message, evidence: [Text(verbatim: cause)], concerns: scene.device == .gpu ? [.gpu] : [])
        }
        let output = try await docker.logs(id, LogOptions(), hasTerminal: false).collect()
        let lines = String(decoding: output.stdout, as: UTF8.self).split(separator: "\n").map { SafeLines.clean(text: String($0)) }
        let cards = lines.filter { $0.hasPrefix("GPU ") }
        if !cards.isEmpty { return .good(Text(verbatim: cards.map { String($0.prefix { $0 != "(" }) }.joined(separator: ", "))) }
        let nodes = lines.filter { $0.hasPrefix("/dev/") }
        if !nodes.isEmpty { return .good(Text(verbatim: nodes.joined(separator: " "))) }
        let measured = Text(en: "a container that was given all GPUs has none", zh: "分配了全部 GPU 的容器一个也看不到")
        return await scene.found(
            "gpu-not-visible", measured, evidence: [measured] + lines.prefix(3).map { Text(verbatim: $0) },
            concerns: scene.device == .gpu ? [.gpu] : [])
    }

    /// One that the lab has on the engine already: the doctor fetches nothing.
    private static func image(_ scene: DoctorScene) async throws -> String? {
        let tags = try await scene.images().flatMap(\.tags)
        let wanted = (scene.concerns?.builds ?? []) + (scene.spec?.images ?? []).filter { $0.name != "hello" }.flatMap(\.localTags)
        return wanted.first(where: tags.contains)
    }

    private static func cleaningUp<Value: Sendable>(
        _ cleanup: @Sendable @escaping () async -> Void, after body: () async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await body()
            await cleanup()
            return value
        } catch {
            // Also when the time was up and the task is cancelled.
            await Task.detached { await cleanup() }.value
            throw error
        }
    }
}
