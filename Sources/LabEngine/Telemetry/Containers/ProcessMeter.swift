import Glibc
import HostFacts
import LabSupport

/// Measures the CPU use of single processes.
package struct ProcessMeter {
    /// The maximum number of measured processes of a container, which may have thousands.
    private static let maximumProcesses = 128
    private let root: HostRoot
    private let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    private let page = Double(max(1, sysconf(Int32(_SC_PAGESIZE))))
    private var before: [Int32: (time: Double, ticks: UInt64, start: UInt64)] = [:]
    private var seen: [Int32: (time: Double, ticks: UInt64, start: UInt64)] = [:]

    init(root: HostRoot = .machine) { self.root = root }

    /// Begins a round. Processes that no call in this round names are forgotten.
    mutating func begin() {
        before = seen
        seen = [:]
    }

    /// The busiest processes, at most `count`.
    mutating func hardest(_ pids: [Int32], count: Int, at time: Double) -> [ProcessSample] {
        let samples = pids.prefix(Self.maximumProcesses).compactMap { read($0, at: time) }
        return Array(samples.sorted { ($0.cpu ?? 0, $0.memory) > ($1.cpu ?? 0, $1.memory) }.prefix(count))
    }

    private mutating func read(_ pid: Int32, at time: Double) -> ProcessSample? {
        // The name in parentheses may contain any character, so the next field begins after the last parenthesis.
        guard let bytes = ProcText(root.real("/proc/\(pid)/stat"), room: 2048)?.bytes, let open = bytes.firstIndex(of: 0x28),
            let close = bytes.lastIndex(of: 0x29), open < close
        else { return nil }
        let words = bytes[(close + 1)...].words
        guard words.count > 21, let user = words[11].number, let system = words[12].number, let start = words[19].number else { return nil }
        let used = user &+ system
        seen[pid] = (time, used, start)
        var sample = ProcessSample(
            pid: pid, name: Self.clean(bytes[(open + 1)..<close]), memory: Double(words[21].number ?? 0) * page,
            threads: Int(words[17].number ?? 1))
        if let last = before[pid], last.start == start, time > last.time, used >= last.ticks {
            sample.cpu = (Double(used - last.ticks) / ticks / (time - last.time) * 100).rounded(to: 1)
        }
        return sample
    }

    /// The kernel's name of a process. Nil if it has exited.
    static func name(of pid: Int32, root: HostRoot = .machine) -> String? {
        guard let bytes = ProcText(root.real("/proc/\(pid)/comm"), room: 256)?.bytes else { return nil }
        return clean(bytes.prefix { $0 != 0x0A })
    }

    /// Removes line ends, which a name may contain.
    private static func clean(_ name: ArraySlice<UInt8>) -> String {
        SafeLines.clean(text: name.filter { $0 != 0x0A }[...].text)
    }

    /// The id of the process's container: the 64 hexadecimal digits in the name of its control group. Nil if it has none, or if the engine
    /// names its groups differently.
    static func containerID(of pid: Int32, root: HostRoot = .machine) -> String? {
        guard let bytes = ProcText(root.real("/proc/\(pid)/cgroup"))?.bytes else { return nil }
        return containerID(inGroups: bytes)
    }

    package static func containerID(inGroups bytes: [UInt8]) -> String? {
        var length = 0
        for (index, byte) in (bytes + [0x0A]).enumerated() {
            if (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) {
                length += 1
            } else {
                if length == 64 { return bytes[(index - 64)..<index].text }
                length = 0
            }
        }
        return nil
    }
}
