import ContainerEngine
import HostFacts
import LabSupport

/// The host's side of the comparison, read in the same way.
enum HostSurvey {
    static let keys = ["hostname", "kernel", "processes", "pid", "mnt", "net", "uts", "ipc", "user", "memory_limit"]

    static func table(
        _ inside: [String: String], _ outside: [String: String], head: [String], same: String, different: String
    ) -> String {
        let rows = keys.map { [$0, shown($0, inside), shown($0, outside), inside[$0] == outside[$0] ? same : different] }
        return TextTable.text([head] + rows)
    }

    /// A fact as a person reads it. If there is no limit, version 2 of control groups says `max`, and version 1 says nearly the largest number.
    static func shown(_ key: String, _ facts: [String: String]) -> String {
        guard let text = facts[key], !text.isEmpty else { return "?" }
        guard key == "memory_limit", let bytes = Int64(text) else { return text }
        return bytes >= 1 << 60 ? "max" : "\(bytes >> 20) MiB"
    }

    static func read(_ root: HostRoot = .machine) -> [String: String] {
        var facts: [String: String] = [:]
        facts["hostname"] = root.text("/proc/sys/kernel/hostname")?.trimmingWhitespace()
        facts["kernel"] = root.text("/proc/sys/kernel/osrelease")?.trimmingWhitespace()
        facts["processes"] = String(root.names(in: "/proc").count { $0.allSatisfy(\.isNumber) })
        for name in ["pid", "mnt", "net", "uts", "ipc", "user"] { facts[name] = Files.link("/proc/self/ns/\(name)") }
        let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        facts["memory_limit"] = limits.firstNonNil { root.text($0)?.trimmingWhitespace() }
        return facts
    }

    static func parse(_ text: String) -> [String: String] {
        var facts: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { facts[String(parts[0])] = String(parts[1]) }
        }
        return facts
    }
}
