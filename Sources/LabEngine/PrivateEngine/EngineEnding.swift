import FoundationEssentials
import Glibc
import HostFacts

/// Ends the processes of one engine, with SIGTERM first. Each signal is sent only after another check of the process's identity.
struct EngineEnding {
    let layout: PrivateEngineLayout
    let root: HostRoot
    let timeout: Duration

    /// Sends SIGTERM. If the process is still there after the timeout, sends SIGKILL.
    func end(_ pid: Int32) async {
        guard let ticks = ProcessTable.entry(pid, root: root)?.startTicks else { return }
        send(SIGTERM, to: pid, startTicks: ticks)
        if await !waitUntilGone(pid, for: timeout) {
            send(SIGKILL, to: pid, startTicks: ticks)
            _ = await waitUntilGone(pid, for: .seconds(5))
        }
    }

    /// The engine's containerd and the shims of its containers. Their command lines name a path below the engine's folder.
    func helpers() -> [ProcessEntry] {
        ProcessTable.all(root: root).filter { entry in
            guard entry.isAlive, entry.program.hasPrefix("containerd") || entry.program == "dockerd" else { return false }
            return entry.arguments.contains { $0 == layout.execRoot || $0.hasPrefix(layout.execRoot + "/") }
        }
    }

    /// Ends the processes that outlived the engine: containers first, then the shims that hold them. Returns true if there were any.
    @discardableResult
    func endHelpers() async -> Bool {
        let helpers = helpers()
        guard !helpers.isEmpty else { return false }
        let table = ProcessTable.all(root: root)
        for entry in ProcessTable.descendants(of: Set(helpers.map(\.pid)), in: table) {
            send(SIGKILL, to: entry.pid, startTicks: entry.startTicks)
        }
        for entry in helpers { send(SIGTERM, to: entry.pid, startTicks: entry.startTicks) }
        for entry in helpers where await !waitUntilGone(entry.pid, for: .seconds(3)) {
            send(SIGKILL, to: entry.pid, startTicks: entry.startTicks)
            _ = await waitUntilGone(entry.pid, for: .seconds(3))
        }
        return true
    }

    /// Unmounts what a killed engine left below its folder, innermost first.
    func unmountLeftovers() {
        let points = KernelMount.all(root: root).map(\.point).filter { $0.hasPrefix(layout.folder + "/") }
        for point in points.sorted(by: { $0.count > $1.count }) { umount2(point, Int32(MNT_DETACH)) }
    }

    /// Clears the state of an earlier run, as a reboot would. dockerd takes any live process with the pid in containerd's old pid file for
    /// its own containerd, and then waits for it in vain.
    func clearState() {
        unmountLeftovers()
        // Never delete through a mount: what is mounted there does not belong to the engine.
        let isClear = !KernelMount.all(root: root).contains { $0.point.hasPrefix(layout.execRoot + "/") }
        let path = isClear ? layout.execRoot : layout.execRoot + "/containerd/containerd.pid"
        try? FileManager.default.removeItem(atPath: path)
    }

    /// True if the process has ended. A child of this process is also reaped, so that it doesn't stay in the process table.
    static func isGone(_ pid: Int32, root: HostRoot) -> Bool {
        var status: Int32 = 0
        if waitpid(pid, &status, WNOHANG) == pid { return true }
        return ProcessTable.entry(pid, root: root)?.isAlive != true
    }

    private func waitUntilGone(_ pid: Int32, for time: Duration) async -> Bool {
        let end = ContinuousClock.now + time
        while !Self.isGone(pid, root: root) {
            guard ContinuousClock.now < end else { return false }
            // A detached sleep: even a cancelled task must finish ending the process.
            await Task { try? await Task.sleep(for: .milliseconds(100)) }.value
        }
        return true
    }

    private func send(_ signal: Int32, to pid: Int32, startTicks: UInt64) {
        guard pid > 1, ProcessTable.entry(pid, root: root)?.startTicks == startTicks else { return }
        kill(pid, signal)
    }
}
