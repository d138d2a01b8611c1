package import ContainerEngine
package import HostFacts
package import LabSupport

/// How an engine gives NVIDIA GPUs to containers, if it can.
package struct GPUAccess: Sendable, Equatable {
    /// How engines do it.
    package enum Way: Sendable, Equatable {
        /// Container Device Interface, which Docker 28 and Podman 5 use: the names of devices.
        case cdi([String])
        /// The runtime of NVIDIA's toolkit.
        case runtime
        /// The toolkit's hook, which Docker finds by its name.
        case hook
    }

    private static let kind = "nvidia.com/gpu"

    package let way: Way

    package init(_ way: Way) { self.way = way }

    /// Asks what an engine has. The engine's own list of devices counts first: only devices on it are certain to be granted.
    package init?(
        info: EngineInfo, ping: PingInfo, programs: ExecutableLookup = ExecutableLookup(path: nil), root: HostRoot = .machine
    ) {
        let devices = Self.devices(info, ping, root)
        if !devices.isEmpty {
            way = .cdi(devices)
        } else if EngineKind(ping: ping).maker == .podman {
            // Podman answers 201 to a request by capability, and ignores it.
            return nil
        } else if info.runtimes?["nvidia"] != nil {
            way = .runtime
        } else if programs.find("nvidia-container-runtime-hook") != nil {
            way = .hook
        } else {
            return nil
        }
    }

    /// The devices to ask for: all at once if there is such a name, else each by its number or name.
    private static func devices(_ info: EngineInfo, _ ping: PingInfo, _ root: HostRoot) -> [String] {
        let prefix = "\(kind)="
        let known: [String]
        if let listed = info.discoveredDevices?.compactMap(\.id).filter({ $0.hasPrefix(prefix) }), !listed.isEmpty {
            known = listed
        } else if EngineKind(ping: ping).maker == .podman {
            guard takesDevices(ping) else { return [] }
            known = DeviceDescriptions(kind: kind, root: root).devices
        } else if let folders = info.deviceFolders, !folders.isEmpty {
            known = DeviceDescriptions(kind: kind, folders: folders, root: root).devices
        } else {
            known = []
        }
        if known.contains("\(prefix)all") { return ["\(prefix)all"] }
        // A card has a name for its number and one for its UUID.
        let numbers = known.filter { $0.dropFirst(prefix.count).allSatisfy(\.isNumber) }
        return (numbers.isEmpty ? known : numbers).sorted()
    }

    /// Podman before version 5 ignores the request: https://github.com/containers/podman/issues/19338
    private static func takesDevices(_ ping: PingInfo) -> Bool {
        let version = ping.libpodVersion ?? ping.engineVersion ?? ""
        return version.split(separator: ".").first.flatMap { Int($0) }.map { $0 >= 5 } ?? false
    }

    /// What a container is created with.
    package var request: GPURequest {
        switch way {
        case .cdi(let names): .cdi(names)
        case .runtime, .hook: .all
        }
    }

    /// The way in words.
    package var text: Text {
        switch way {
        case .cdi(let names):
            let names = Text.words(names.map { SafeLines.clean(text: $0) })
            return Text(en: "by CDI: `\(names.en)`", zh: "通过 CDI：`\(names.zh)`")
        case .runtime: return Text(en: "by the runtime nvidia (`--gpus all`)", zh: "通过 nvidia 运行时（`--gpus all`）")
        case .hook: return Text(en: "by the toolkit's hook (`--gpus all`)", zh: "通过工具包的 hook（`--gpus all`）")
        }
    }

    /// What an engine without a way lacks.
    package static func missing(_ kind: EngineKind) -> Text {
        switch kind.maker {
        case .podman:
            Text(
                en:
                    "Podman gives GPUs from version 5 on, and only by CDI: update an older Podman. Then install nvidia-container-toolkit and run "
                    + "`sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml`",
                zh: "Podman 5 及以上才能使用 GPU，且只支持 CDI：旧版本请先升级，然后安装 nvidia-container-toolkit，并执行 "
                    + "`sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml`")
        case .docker, .other:
            Text(
                en: "the engine has neither a CDI device nor an NVIDIA runtime: install nvidia-container-toolkit, run "
                    + "`sudo nvidia-ctk runtime configure --runtime=docker`, and restart the engine",
                zh: "引擎既没有 CDI 设备，也没有 NVIDIA 运行时：请安装 nvidia-container-toolkit，执行 "
                    + "`sudo nvidia-ctk runtime configure --runtime=docker` 并重启引擎")
        }
    }
}
