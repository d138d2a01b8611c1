import ContainerEngine
package import HostFacts
package import LabSupport

/// Decides between CPU and GPU, and says why and how.
package struct DeviceChooser: Sendable {
    /// Nil if no engine is needed.
    private let engine: RunEngine?
    private let nvidia: NVIDIAFacts
    private let programs: ExecutableLookup
    private let root: HostRoot

    /// The other values describe this machine. Tests pass others.
    package init(
        engine: RunEngine?, nvidia: NVIDIAFacts = .read(root: .machine), programs: ExecutableLookup = ExecutableLookup(path: nil),
        root: HostRoot = .machine
    ) {
        self.engine = engine
        self.nvidia = nvidia
        self.programs = programs
        self.root = root
    }

    /// The device for a run that asks for `wanted`, and how containers get it. Throws if the run asks for a GPU and can't get one.
    package func choose(_ wanted: RunOptions.Device) async throws -> DeviceChosen {
        switch wanted {
        case .cpu: return DeviceChosen(device: "cpu", reason: Text(en: "requested with --device cpu", zh: "由 --device cpu 指定"))
        case .auto:
            if let reason = nvidia.driverVersion.reason { return DeviceChosen(device: "cpu", reason: reason) }
            guard let docker = try await client else {
                return DeviceChosen(device: "cpu", reason: Text(en: "there is no engine", zh: "没有容器引擎"))
            }
            guard let access = try await grant(docker.ping) else {
                return DeviceChosen(device: "cpu", reason: GPUAccess.missing(EngineKind(ping: docker.ping)))
            }
            let reason = Text(en: "there is an NVIDIA GPU, and containers get it ", zh: "有 NVIDIA GPU，容器可使用它，").joined(access.text)
            return DeviceChosen(device: "gpu", reason: reason, access: access)
        case .gpu: return try await chooseGPU()
        }
    }

    /// A run that asks for a GPU gets it from any engine that grants one. The engine knows its devices better than this program: the driver
    /// may be hidden from it.
    private func chooseGPU() async throws -> DeviceChosen {
        let requested = Text(en: "requested with --device gpu", zh: "由 --device gpu 指定")
        // Without a container, nothing is missing. Tasks that need an engine report themselves that there is none.
        guard let docker = try await client else { return DeviceChosen(device: "gpu", reason: requested) }
        let granted = try await grant(docker.ping)
        let isCertain = if case .cdi = granted?.way { true } else { nvidia.driverVersion.reason == nil }
        guard let access = granted, isCertain else {
            let obstacle = nvidia.driverVersion.reason ?? GPUAccess.missing(EngineKind(ping: docker.ping))
            throw LabError(
                .gpuUnavailable, Text(en: "No GPU for containers: \(obstacle.en)", zh: "容器无法使用 GPU：\(obstacle.zh)"),
                hint: Text(en: "`--device cpu` works without one.", zh: "使用 `--device cpu` 则不需要 GPU。"))
        }
        let reason = requested.joined(Text(en: ", ", zh: "，")).joined(access.text)
        return DeviceChosen(device: "gpu", reason: reason, access: access)
    }

    /// Nil if no engine answers.
    private var client: DockerClient? {
        get async throws {
            let client = try? await engine?.client
            // Cancelled is not the same as absent: the run would go on with another device.
            try Task.checkCancellation()
            return client
        }
    }

    private func grant(_ ping: PingInfo) async throws -> GPUAccess? {
        guard let engine else { return nil }
        return GPUAccess(info: try await engine.info, ping: ping, programs: programs, root: root)
    }
}
