import FoundationEssentials
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
