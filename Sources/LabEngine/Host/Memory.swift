import LabSupport

/// Memory in bytes.
package struct Memory: Sendable, Equatable {
    package var total: Int64
    /// What programs can still get without swapping, according to the kernel's own estimate.
    package var available: Int64
    package var swapTotal: Int64
    package var swapFree: Int64

    package static func read(root: HostRoot) -> HostFact<Memory> {
        var values: [Substring: Int64] = [:]
        for line in root.lines("/proc/meminfo") ?? [] {
            let words = line.split(whereSeparator: { $0 == ":" || $0 == " " })
            if words.count >= 2, let kibibytes = Int64(words[1]) { values[words[0]] = kibibytes * 1024 }
        }
        guard let total = values["MemTotal"] else {
            return .absent(Text(en: "Cannot read /proc/meminfo.", zh: "无法读取 /proc/meminfo。"))
        }
        return .known(
            Memory(
                total: total, available: values["MemAvailable"] ?? values["MemFree"] ?? 0, swapTotal: values["SwapTotal"] ?? 0,
                swapFree: values["SwapFree"] ?? 0))
    }
}
