import ContainerEngine
import Diagnosis
import HostFacts
import LabFile
import LabRunner
import LabSupport
import Telemetry

/// Everything between the GPU and a container that uses it. Without a GPU, the lab uses the CPU.
enum GPUProbes {
    static let all: [Probe] = [
        Probe("gpu.device", Text(en: "GPU", zh: "显卡"), causes: ["gpu-not-visible"], look: device),
        Probe(
            "gpu.driver", Text(en: "NVIDIA driver", zh: "NVIDIA 驱动"), needs: ["gpu.device"], causes: ["gpu-driver-not-loaded"], look: driver
        ),
        Probe(
            "gpu.nodes", Text(en: "Device files", zh: "设备文件"), needs: ["gpu.driver"], causes: ["gpu-nodes-missing"], look: nodes),
        Probe(
            "gpu.library", Text(en: "Driver libraries", zh: "驱动库"), needs: ["gpu.driver"], causes: ["gpu-driver-library-mismatch"],
            look: library),
        Probe(
            "gpu.version", Text(en: "Driver is new enough", zh: "驱动版本"), needs: ["gpu.driver"], causes: ["gpu-driver-too-old"],
            look: version),
        Probe(
            "gpu.toolkit", Text(en: "NVIDIA Container Toolkit", zh: "NVIDIA 容器工具包"), needs: ["gpu.driver"],
            causes: ["gpu-no-nvidia-runtime"], look: toolkit),
        Probe(
            "gpu.runtime", Text(en: "The engine can assign GPUs", zh: "引擎能分配 GPU"), needs: ["gpu.toolkit", "engine.socket"],
            causes: ["gpu-no-nvidia-runtime"], look: runtime),
        Probe("gpu.cdi", Text(en: "CDI descriptions", zh: "CDI 描述文件"), needs: ["gpu.toolkit"], causes: ["gpu-cdi"], look: cdi),
        Probe(
            "gpu.container", Text(en: "A container sees the GPU", zh: "容器能看到 GPU"), needs: ["gpu.runtime", "gpu.nodes"],
            timeout: .seconds(45),
            causes: ["gpu-not-visible", "gpu-no-nvidia-runtime"], look: GPUContainer.look),
    ]

    private static let consequence = Text(en: " Training and serving use the CPU.", zh: "训练和推理使用 CPU。")

    private static func device(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let facts = try await scene.host().nvidia
        if let devices = facts.devices.value { return .good(Text(verbatim: "NVIDIA \(devices.joined(separator: ", "))")) }
        // WSL shows the card as another device and has the driver's library in another folder.
        if scene.root.exists("/dev/dxg"), scene.root.exists("/usr/lib/wsl/lib/libcuda.so.1") {
            return .good(Text(en: "through WSL (/dev/dxg)", zh: "通过 WSL 提供（/dev/dxg）"))
        }
        // A loaded driver proves that there's a card, even if a virtual machine hides the bus.
        if facts.driverVersion.value != nil { return .good(Text(en: "visible to the driver only", zh: "只有驱动能看到")) }
        let reason = (facts.devices.reason ?? Text(en: "none.", zh: "无。")).joined(consequence)
        guard scene.device == .gpu else { return .moot(reason) }
        return await scene.found("gpu-not-visible", reason, concerns: [.gpu])
    }

    /// A problem with the GPU blocks only a run that asks for one. Every other run uses the CPU.
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
        if isWSL(scene) { return .good(Text(en: "provided by Windows", zh: "由 Windows 提供")) }
        let facts = try await scene.host().nvidia
        guard let version = facts.driverVersion.value else {
            let reason = facts.driverVersion.reason ?? Text(en: "not loaded", zh: "没有加载")
            let nouveau =
                scene.root.exists("/sys/module/nouveau")
                ? [Text(en: "the card uses the nouveau driver, which doesn't support CUDA", zh: "显卡使用的是 nouveau 驱动，它不支持 CUDA")] : []
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

    /// The library's file name contains the version of its driver. If the library isn't in one of the usual folders, load it, as a program
    /// would.
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
                en: "the loaded driver is \(driver), but the libraries are \(list.en)", zh: "已加载的驱动为 \(driver)，而驱动库为 \(list.zh)")
            return await found(scene, "gpu-driver-library-mismatch", measured)
        }
        return .good(Text(verbatim: driver))
    }

    /// The oldest driver for CUDA 12, which the lab's PyTorch wheels contain.
    /// https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/ (table of minor version compatibility)
    private static let oldestDriver = 525

    private static func version(_ scene: DoctorScene) async throws -> ProbeVerdict {
        guard let driver = try await scene.host().nvidia.driverVersion.value else { return .note(Text(en: "unknown", zh: "未知")) }
        guard let major = driver.split(separator: ".").first.flatMap({ Int($0) }), major < oldestDriver else {
            return .good(Text(en: "\(driver) supports CUDA 12", zh: "\(driver) 支持 CUDA 12"))
        }
        let measured = Text(
            en: "\(driver), but CUDA 12 in the lab's image needs \(oldestDriver) or later",
            zh: "\(driver)，而实验镜像中的 CUDA 12 需要 \(oldestDriver) 或更高版本")
        return await found(scene, "gpu-driver-too-old", measured)
    }

    private static func programs(_ scene: DoctorScene) -> ExecutableLookup {
        ExecutableLookup(path: scene.environment["PATH"], below: scene.root.real(""))
    }

    private static func toolkit(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let programs = programs(scene)
        let there = ["nvidia-container-runtime-hook", "nvidia-container-runtime", "nvidia-ctk"].compactMap { programs.find($0) }
        guard !there.isEmpty else {
            // What counts is what the engine has: its devices may be described without the toolkit's programs on the PATH.
            if let docker = try? await scene.docker(), let info = try? await scene.info(),
                let access = GPUAccess(info: info, ping: docker.ping, programs: programs, root: scene.root)
            {
                return .good(access.text)
            }
            return await found(scene, "gpu-no-nvidia-runtime", Text(en: "not installed", zh: "没有安装"))
        }
        return .good(Text(verbatim: there.joined(separator: " ")))
    }

    private static func runtime(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let ping = try await scene.docker().ping
        guard let access = GPUAccess(info: try await scene.info(), ping: ping, programs: programs(scene), root: scene.root) else {
            return await found(scene, "gpu-no-nvidia-runtime", GPUAccess.missing(EngineKind(ping: ping)))
        }
        return .good(access.text)
    }

    private static func cdi(_ scene: DoctorScene) async throws -> ProbeVerdict {
        let specs = DeviceDescriptions(kind: "nvidia.com/gpu", root: scene.root).files
        guard let driver = try await scene.host().nvidia.driverVersion.value, let spec = specs.first else {
            return .note(Text(en: "none; Podman needs them, Docker doesn't", zh: "无；Podman 需要，Docker 不需要"))
        }
        // The description lists library files, whose names contain the driver's version.
        guard let text = scene.root.text(spec), text.contains("libcuda.so"), !text.contains(".so.\(driver)") else {
            return .good(Text(verbatim: specs.joined(separator: " ")))
        }
        let measured = Text(en: "\(spec) is for a driver other than \(driver)", zh: "\(spec) 对应的驱动不是 \(driver)")
        return await found(scene, "gpu-cdi", measured)
    }
}
