import Glibc
import HostFacts
import LabSupport

/// How much memory processes use.
enum ProcessMemory {
    /// The processes with the largest resident memory.
    static func largest(_ count: Int, root: HostRoot) -> [(program: String, pid: Int32, bytes: Int64)] {
        let all = root.names(in: "/proc").compactMap { Int32($0) }.compactMap { pid -> (program: String, pid: Int32, bytes: Int64)? in
            guard let pages = root.text("/proc/\(pid)/statm")?.split(separator: " ").dropFirst().first.flatMap({ Int64($0) }) else {
                return nil
            }
            let name = root.text("/proc/\(pid)/comm").map { String($0.trimmed) } ?? "?"
            return (SafeLines.clean(text: name), pid, pages * Int64(sysconf(Int32(_SC_PAGESIZE))))
        }
        return Array(all.sorted { $0.bytes > $1.bytes }.prefix(count))
    }
}
