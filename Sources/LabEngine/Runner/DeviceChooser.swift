import ContainerEngine
package import HostFacts
package import LabSupport

/// Decides between processor and graphics processor, and says why.
package struct DeviceChooser: Sendable {
    /// Nil where none is needed.
    private let engine: RunEngine?
    private let nvidia: NVIDIAFacts
    private let programs: ExecutableLookup

    /// `nvidia` and `programs` are this machine's unless a test gives others.
    package init(
        engine: RunEngine?, nvidia: NVIDIAFacts = .read(root: .machine), programs: ExecutableLookup = ExecutableLookup(path: nil)
    ) {
        self.engine = engine
        self.nvidia = nvidia
        self.programs = programs
    }

    /// The device for a run that asks for `wanted`. Throws if a GPU is asked for and cannot be had.
    package func choose(_ wanted: RunOptions.Device) async throws -> DeviceChosen {
        switch wanted {
        case .cpu: return DeviceChosen(device: "cpu", reason: Text(en: "asked for with --device cpu", zh: "由 --device cpu 指定"))
        case .gpu, .auto:
            let docker = nvidia.driverVersion.reason == nil ? try? await engine?.client : nil
            guard let obstacle = try await obstacle(docker) else {
                return DeviceChosen(
                    device: "gpu",
                    reason: Text(en: "an NVIDIA GPU, and an engine that can give it to containers", zh: "有 NVIDIA GPU，且引擎能把它交给容器"))
            }
            // Without a container nothing is missing; and whatever needs an engine says itself that there is none.
            if wanted == .gpu, engine == nil || docker == nil && nvidia.driverVersion.reason == nil {
                return DeviceChosen(device: "gpu", reason: Text(en: "asked for with --device gpu", zh: "由 --device gpu 指定"))
            }
            guard wanted == .auto else {
                throw LabError(
                    "gpu.unavailable", Text(en: "No GPU for containers: \(obstacle.en)", zh: "容器无法使用 GPU：\(obstacle.zh)"),
                    hint: Text(en: "`--device cpu` works without one.", zh: "使用 `--device cpu` 则不需要 GPU。"))
            }
            return DeviceChosen(device: "cpu", reason: obstacle)
        }
    }

    /// Why containers cannot have a GPU; nil where they can.
    private func obstacle(_ docker: DockerClient?) async throws -> Text? {
        if let reason = nvidia.driverVersion.reason { return reason }
        guard let docker else { return Text(en: "no engine that could give it to containers", zh: "没有可以把 GPU 交给容器的引擎") }
        guard EngineKind(ping: docker.ping).maker != .podman else {
            // It answers 201 and leaves the GPU out: the training would run on the processor without a word.
            return Text(
                en: "Podman ignores the Docker API's request for a GPU", zh: "Podman 会忽略 Docker API 的 GPU 请求")
        }
        let info = try await docker.info()
        let hasRuntime =
            info.runtimes?["nvidia"] != nil || info.discoveredDevices?.contains { $0.id?.hasPrefix("nvidia.com/") == true } == true
        // An engine before 28 asks for the toolkit's hook by name and lists nothing of it.
        let hasHook = programs.find("nvidia-container-runtime-hook") != nil
        guard !hasRuntime, !hasHook else { return nil }
        return Text(
            en: "the engine has no NVIDIA runtime: install nvidia-container-toolkit, run `nvidia-ctk runtime configure --runtime=docker`, "
                + "and restart the engine",
            zh: "引擎没有 NVIDIA 运行时：请安装 nvidia-container-toolkit，执行 `nvidia-ctk runtime configure --runtime=docker` 并重启引擎")
    }
}
