import ContainerEngine
import Diagnosis
import LabRunner
import LabSupport

/// The disk space that cleaning up would free: with `ailab clean`, which deletes only what belongs to this workspace, and with Docker's
/// own prune.
struct Reclaimable: Sendable, Equatable {
    var own: Int64
    var pruned: Int64
    /// The name of the engine's program.
    var program = "docker"
    /// What Podman's imports left in /var/tmp.
    var imports: ImportLeftovers?

    static func read(_ scene: DoctorScene) async throws -> Reclaimable {
        let usage = try await scene.docker().diskUsage()
        let containers = usage.containers ?? []
        let used = Set(containers.map(\.imageID))
        let id = scene.workspaceID
        var own = containers.filter(scene.isOwn).map { $0.size ?? 0 }
        var pruned = containers.filter { $0.status != .running }.map { $0.size ?? 0 }
        for image in usage.images ?? [] {
            if let id, !Label.ownTags(image.tags, image.labels, workspace: id).isEmpty { own.append(image.size) }
            if !used.contains(image.id) { pruned.append(image.size) }
        }
        pruned += (usage.buildCache ?? []).filter { $0.isInUse != true }.map { $0.size ?? 0 }
        // Images share layers, so the sum of their sizes may exceed what they take on disk.
        let limit = usage.layers ?? .max
        guard EngineKind(ping: try await scene.docker().ping).maker == .podman else {
            return Reclaimable(own: min(own.clampedSum, limit), pruned: min(pruned.clampedSum, limit))
        }
        return Reclaimable(
            own: min(own.clampedSum, limit), pruned: min(pruned.clampedSum, limit), program: "podman",
            imports: ImportLeftovers(root: scene.root))
    }

    var text: Text {
        let own = ByteSize.shown(Double(own))
        let pruned = ByteSize.shown(Double(pruned))
        let text = Text(
            en: "`ailab clean` frees up to \(own) of this workspace, `\(program) system prune -a` up to \(pruned) of all users",
            zh: "`ailab clean` 最多可释放本工作区的 \(own)，`\(program) system prune -a` 最多可释放所有用户的 \(pruned)")
        return imports.map { text.joined(Text(en: "; ", zh: "；")).joined($0.text) } ?? text
    }
}
