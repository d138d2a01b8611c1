import LabSupport

extension ContainerConfig {
    /// The body of `POST /containers/create`.
    var wire: ContainerWire {
        ContainerWire(
            image: image, cmd: command, entrypoint: entrypoint,
            env: environment.isEmpty ? nil : environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            labels: labels.isEmpty ? nil : labels, tty: hasTerminal, openStdin: keepsInputOpen,
            // Without StdinOnce, a program that reads to the end of its input would not see that end when the attached client leaves.
            stdinOnce: keepsInputOpen, attachStdin: keepsInputOpen, attachStdout: true, attachStderr: true,
            workingDir: workingDirectory, user: user, hostname: hostname,
            exposedPorts: ports.isEmpty ? nil : Dictionary(ports.map { ($0.key, EmptyObject()) }) { first, _ in first },
            hostConfig: hostWire, networkingConfig: networkWire)
    }

    private var networkWire: ContainerWire.Networks? {
        guard let network, !networkAliases.isEmpty else { return nil }
        return ContainerWire.Networks(endpointsConfig: [network: ContainerWire.NetworkEnd(aliases: networkAliases)])
    }

    /// The processors in the API's unit.
    var nanoCPUs: Int64? { cpus.map { Int64(Int(shown: ($0 * 1e9).rounded())) } }

    private var hostWire: ContainerWire.Host {
        ContainerWire.Host(
            portBindings: ports.isEmpty ? nil : Dictionary(grouping: ports, by: \.key).mapValues { $0.map(\.binding) },
            mounts: mounts.isEmpty ? nil : mounts.map(\.wire), deviceRequests: gpus.map { [$0.wire] }, memory: memory,
            memorySwap: memoryAndSwap, shmSize: sharedMemory, nanoCpus: nanoCPUs,
            pidsLimit: processLimit,
            autoRemove: removesItself, networkMode: network, runtime: runtime, init: usesInit ? true : nil)
    }
}

extension PortMapping {
    /// `8080/tcp`.
    var key: String { "\(container)/\(transport)" }

    fileprivate var binding: ContainerWire.Binding {
        ContainerWire.Binding(hostIp: address ?? "", hostPort: host.map(String.init) ?? "")
    }
}

extension ContainerMount {
    /// Uses `Mounts`, not `Binds`. With `Mounts`, a missing host directory is an error. `Binds` would silently create it, owned by root.
    var wire: ContainerWire.MountPoint {
        ContainerWire.MountPoint(
            type: kind.rawValue, source: kind == .tmpfs ? nil : source, target: target, readOnly: isReadOnly,
            tmpfsOptions: kind == .tmpfs ? bytes.map(ContainerWire.TmpfsOptions.init) : nil)
    }
}

extension GPURequest {
    fileprivate var wire: ContainerWire.DeviceRequest {
        switch self {
        case .all: ContainerWire.DeviceRequest(count: -1)
        case .count(let count): ContainerWire.DeviceRequest(count: count)
        case .devices(let ids): ContainerWire.DeviceRequest(deviceIDs: ids)
        case .cdi(let names): ContainerWire.DeviceRequest(driver: "cdi", deviceIDs: names, capabilities: nil)
        }
    }
}
