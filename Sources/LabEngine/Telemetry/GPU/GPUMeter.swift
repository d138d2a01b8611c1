package import HostFacts

/// Measures the GPUs. A driver may hang, so give the meter its own thread.
package final class GPUMeter {
    /// Seconds until the meter looks again for a missing library or driver.
    private static let retryInterval = 10.0

    /// Where to look for NVIDIA's library: first by the loader's rules, then in WSL's folder.
    package static let libraries = ["libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1"]

    private let names: [String]
    private let root: HostRoot
    private var others: SysfsGPUs
    private var library: NVMLLibrary?
    private var devices: [NVMLDevice] = []
    private var driver: String?
    private var absence: Absence?
    private var lastTry = -Double.infinity

    /// Tries the libraries `names`, each a name or a path.
    package init(names: [String] = GPUMeter.libraries, root: HostRoot = .machine) {
        self.names = names
        self.root = root
        others = SysfsGPUs(root: root)
    }

    /// The current values of all devices.
    package func read(at time: Double) -> GPUReading {
        if devices.isEmpty, time - lastTry >= Self.retryInterval {
            lastTry = time
            begin()
        }
        var samples = devices.map { $0.sample() }
        for index in samples.indices { name(&samples[index].processes) }
        samples += others.read(at: time)
        return GPUReading(devices: samples, absence: devices.isEmpty ? absence : nil, driver: driver)
    }

    private func begin() {
        do {
            let library = try NVMLLibrary(names: names)
            devices = (0..<(library.deviceCount ?? 0)).compactMap { NVMLDevice($0, of: library) }
            driver = library.driverVersion
            // Without devices, unload the library, and try again later.
            self.library = devices.isEmpty ? nil : library
            absence = devices.isEmpty ? GPUAbsence.noDevice(.read(root: root)) : nil
        } catch {
            absence = GPUAbsence.why(error, facts: .read(root: root))
        }
    }

    private func name(_ processes: inout [GPUProcess]) {
        for index in processes.indices {
            processes[index].name = ProcessMeter.name(of: processes[index].pid, root: root)
            processes[index].containerID = ProcessMeter.containerID(of: processes[index].pid, root: root)
        }
    }
}
