import CSystem
import Glibc
import LabSupport

/// A container's process as seen from this machine.
enum ContainerProcess {
    /// Signals the process with this ID if it belongs to the container, whose full ID is given.
    ///
    /// Returns false if it does not, if the engine's process IDs are not those of this machine, or if permission is missing.
    @discardableResult
    static func signal(_ pid: pid_t, in container: String, _ number: Int32) -> Bool {
        guard pid > 1, container.utf8.count >= 32 else { return false }
        // Open the pidfd before the check, so that the signal goes to the process that was checked.
        let process = cs_pidfd_open(pid)
        guard process >= 0 else { return false }
        defer { close(process) }
        guard let groups = try? Files.text("/proc/\(pid)/cgroup"), groups.contains(container) else { return false }
        return cs_pidfd_signal(process, number) == 0
    }
}
