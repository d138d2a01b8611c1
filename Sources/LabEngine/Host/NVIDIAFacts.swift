import LabSupport

/// NVIDIA hardware and its driver according to the kernel.
package struct NVIDIAFacts: Sendable, Equatable {
    /// PCI addresses of the GPUs, such as `0000:01:00.0`.
    package var devices: HostFact<[String]>
    /// Version of the loaded kernel driver.
    package var driverVersion: HostFact<String>
    /// Device files that programs need.
    package var nodes: HostFact<[String]>

    package static func read(root: HostRoot) -> NVIDIAFacts {
        let devices = devices(root: root)
        return NVIDIAFacts(devices: devices, driverVersion: driver(root: root, devices: devices), nodes: nodes(root: root))
    }

    private static func devices(root: HostRoot) -> HostFact<[String]> {
        let folder = "/sys/bus/pci/devices"
        let found = root.names(in: folder).filter { name in
            // Class 03 is display. A card also lists its sound output and USB ports as separate devices.
            root.text("\(folder)/\(name)/vendor")?.trimmed == "0x10de" && root.text("\(folder)/\(name)/class")?.hasPrefix("0x03") == true
        }
        if !found.isEmpty { return .known(found) }
        if root.exists("/dev/dxg") {
            return .absent(
                Text(
                    en: "This is WSL: Windows provides the GPU through /dev/dxg, not on the PCI bus.",
                    zh: "这是 WSL：Windows 通过 /dev/dxg 提供显卡，而不是 PCI 总线。"))
        }
        guard root.exists(folder) else {
            return .absent(
                Text(
                    en: "The PCI bus is not visible here. This is common in containers and in some virtual machines.",
                    zh: "这里看不到 PCI 总线，很多容器和部分虚拟机都是这样。"))
        }
        return .absent(Text(en: "The PCI bus has no NVIDIA GPU.", zh: "PCI 总线上没有 NVIDIA 显卡。"))
    }

    private static func driver(root: HostRoot, devices: HostFact<[String]>) -> HostFact<String> {
        if let text = root.text("/proc/driver/nvidia/version"), let version = version(in: text) { return .known(version) }
        if let version = root.text("/sys/module/nvidia/version")?.trimmed, !version.isEmpty { return .known(String(version)) }
        guard devices.value == nil else {
            return .absent(
                Text(
                    en: "This machine has an NVIDIA GPU, but the kernel driver is not loaded.",
                    zh: "本机有 NVIDIA 显卡，但内核驱动没有加载。"))
        }
        return .absent(Text(en: "The NVIDIA kernel driver is not loaded.", zh: "没有加载 NVIDIA 内核驱动。"))
    }

    /// Reads `NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.161.08  Sat Feb …`. The open driver's line has
    /// `Open Kernel Module for x86_64  560.35`.
    private static func version(in text: String) -> String? {
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("NVRM version:") }
        return line?.split(separator: " ").first { word in
            let parts = word.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count >= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
        }.map(String.init)
    }

    private static func nodes(root: HostRoot) -> HostFact<[String]> {
        let found = root.names(in: "/dev").filter { name in
            name.hasPrefix("nvidia") && name.dropFirst("nvidia".count).allSatisfy(\.isNumber) && name != "nvidia"
        }
        if !found.isEmpty { return .known(found.map { "/dev/" + $0 }) }
        return .absent(
            Text(
                en: "There is no /dev/nvidia0. The driver creates it when it finds a GPU.",
                zh: "没有 /dev/nvidia0：驱动找到显卡后才会创建它。"))
    }
}
