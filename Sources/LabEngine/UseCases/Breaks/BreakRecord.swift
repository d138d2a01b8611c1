import FoundationEssentials
import Glibc
import LabRunner
import LabSupport

/// What `ailab break` is about to change, written before it changes anything. A later ailab finds it if this one was killed.
struct BreakRecord: Codable, Sendable {
    /// The number of the fault.
    var fault: Int
    /// The address of the engine.
    var engine: String

    static func folder(_ workspace: Workspace) -> String { "\(workspace.root)/break" }

    private static func path(_ workspace: Workspace) -> String { "\(folder(workspace))/record.json" }

    static func read(_ workspace: Workspace) -> BreakRecord? {
        (try? Files.readUntrusted(path(workspace), limit: 1 << 16)).flatMap { try? JSONDecoder().decode(BreakRecord.self, from: Data($0)) }
    }

    func write(_ workspace: Workspace) throws {
        try Files.makeDirectory(Self.folder(workspace), mode: 0o755)
        try Files.write(Array(JSONText.object(self).utf8), to: Self.path(workspace))
    }

    /// Removes the folder with the record in it. Throws if something stays.
    static func remove(_ workspace: Workspace) throws { try PathBelow("break", in: workspace.root).remove() }
}

/// Held while a fault exists. The kernel releases it however its process ends.
final class BreakLock: Sendable {
    private let descriptor: Int32

    /// Nil if another process holds it.
    init?(_ workspace: Workspace) {
        guard let opened = try? Files.openRegular("\(workspace.root)/break.lock", O_RDWR | O_CREAT) else { return nil }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}
