import ContainerEngine
package import HostFacts
package import LabSupport

/// Decides between CPU and GPU, and says why.
package struct DeviceChooser: Sendable {
    /// Nil if no engine is needed.
    private let engine: RunEngine?
    private let nvidia: NVIDIAFacts
    private let programs: ExecutableLookup

    /// `nvidia` and `programs` describe this machine. Tests pass others.
    package init(
        engine: RunEngine?, nvidia: NVIDIAFacts = .read(root: .machine), programs: ExecutableLookup = ExecutableLookup(path: nil)
    ) {
        self.engine = engine
        self.nvidia = nvidia
        self.programs = programs
    }

    /// The device for a run that asks for `wanted`. Throws if it asks for a GPU and can't get one.
    package func choose(_ wanted: RunOptions.Device) async throws -> DeviceChosen {
        switch wanted {
        case .cpu: return DeviceChosen(device: "cpu", reason: Text(en: "requested with --device cpu", zh: "由 --device cpu 指定"))
        case .gpu, .auto:
            let docker = nvidia.driverVersion.reason == nil ? await client : nil
            // Cancelled is not the same as absent: the run would go on with another device.
            try Task.checkCancellation()
            guard let obstacle = try await obstacle(docker) else {
                return DeviceChosen(
                    device: "gpu",
                    reason: Text(en: "there is an NVIDIA GPU, and containers can use it", zh: "有 NVIDIA GPU，且容器可以使用它"))
            }
            // Without a container, nothing is missing. Tasks that need an engine report themselves that there is none.
            if wanted == .gpu, engine == nil || docker == nil && nvidia.driverVersion.reason == nil {
                return DeviceChosen(device: "gpu", reason: Text(en: "requested with --device gpu", zh: "由 --device gpu 指定"))
            }
            guard wanted == .auto else {
                throw LabError(
                    .gpuUnavailable, Text(en: "No GPU for containers: \(obstacle.en)", zh: "容器无法使用 GPU：\(obstacle.zh)"),
                    hint: Text(en: "`--device cpu` works without one.", zh: "使用 `--device cpu` 则不需要 GPU。"))
            }
            return DeviceChosen(device: "cpu", reason: obstacle)
        }
    }

    /// Nil if no engine answers.
    private var client: DockerClient? {
        get async { try? await engine?.client }
    }

    /// Why containers can't use a GPU. Nil if they can.
    private func obstacle(_ docker: DockerClient?) async throws -> Text? {
        if let reason = nvidia.driverVersion.reason { return reason }
        guard let docker else { return Text(en: "there is no engine", zh: "没有容器引擎") }
        guard EngineKind(ping: docker.ping).maker != .podman else {
            // Such an engine answers 201 and ignores the GPU, so the training would silently run on the CPU.
            return Text(
                en: "Podman ignores the Docker API's request for a GPU", zh: "Podman 会忽略 Docker API 的 GPU 请求")
        }
        let info = try await docker.info()
        let hasRuntime =
            info.runtimes?["nvidia"] != nil || info.discoveredDevices?.contains { $0.id?.hasPrefix("nvidia.com/") == true } == true
        // An engine before version 28 finds the toolkit's hook by its name, and doesn't list it.
        let hasHook = programs.find("nvidia-container-runtime-hook") != nil
        guard !hasRuntime, !hasHook else { return nil }
        return Text(
            en: "the engine has no NVIDIA runtime: install nvidia-container-toolkit, run `nvidia-ctk runtime configure --runtime=docker`, "
                + "and restart the engine",
            zh: "引擎没有 NVIDIA 运行时：请安装 nvidia-container-toolkit，执行 `nvidia-ctk runtime configure --runtime=docker` 并重启引擎")
    }
}
