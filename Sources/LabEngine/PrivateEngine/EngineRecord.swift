import FoundationEssentials
import Glibc
import HostFacts
import LabSupport

/// Identifies the process of the engine that ailab started.
struct EngineRecord: Codable, Equatable {
    var pid: Int32
    var startTicks: UInt64
    /// Ticks count from the boot, so the boot is part of the identity.
    var bootID: String

    static func read(_ layout: PrivateEngineLayout, root: HostRoot) -> EngineRecord? {
        root.bytes(layout.record).flatMap { try? JSONDecoder().decode(EngineRecord.self, from: Data($0)) }
    }

    static func of(pid: Int32, root: HostRoot) -> EngineRecord? {
        guard let entry = ProcessTable.entry(pid, root: root) else { return nil }
        return EngineRecord(pid: pid, startTicks: entry.startTicks, bootID: bootID(root))
    }

    func write(_ layout: PrivateEngineLayout) throws {
        guard let data = try? JSONEncoder().encode(self) else { return }
        try ScratchFolder.write(String(decoding: data, as: UTF8.self), to: layout.record)
    }

    /// The process, if it is still the recorded one and still an engine of this folder.
    func process(_ layout: PrivateEngineLayout, root: HostRoot) -> ProcessEntry? {
        guard bootID == Self.bootID(root), let entry = ProcessTable.entry(pid, root: root) else { return nil }
        guard entry.startTicks == startTicks, entry.isAlive, entry.options(["--data-root"]).contains(layout.dataRoot) else { return nil }
        return entry
    }

    private static func bootID(_ root: HostRoot) -> String {
        String((root.text("/proc/sys/kernel/random/boot_id") ?? "").trimmed)
    }
}

/// Held while an engine starts or stops, so that no other command sees a half-finished state.
struct EngineLock {
    private let descriptor: Int32

    init(_ layout: PrivateEngineLayout) throws {
        descriptor = open(layout.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        let locked = descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0
        guard !locked else { return }
        let code = errno
        if descriptor >= 0 { close(descriptor) }
        throw LabError(
            "engine.busy",
            Text(
                en: "Another command is starting or stopping the engine in \(layout.folder).",
                zh: "另一条命令正在启动或停止 \(layout.folder) 中的引擎。"),
            hint: Text(en: "Wait a moment and try again.", zh: "请稍候再试。"), cause: String(cString: strerror(code)), errno: code)
    }

    /// Releases the lock. Call it once.
    func release() { close(descriptor) }
}
