import ContainerEngine
import Diagnosis
import HTTPTransport
package import LabRunner
package import LabSupport

/// Gives disk space back: what a workspace has on the engine and on the disk that can be made again. First it's listed, then removed.
package struct WorkspaceCleaning: Sendable {
    /// Everything that can go, in the order in which it goes.
    package let objects: [WorkspaceObject]
    /// Why the engine's objects are not among them.
    package let engineFailure: LabError?
    /// Why services and a swarm of the workspace may be missing from the objects.
    package let unseen: LabError?
    /// Whether services or a swarm of this workspace may be among what can't be seen: a task that makes them has run here.
    package let mayHide: Bool
    /// What the engine left outside of the workspace, and how it goes. ailab doesn't remove it: another user's import may run.
    package let leftovers: Text?
    private let workspace: Workspace
    private let engine: WorkspaceObjects?

    /// Finds what can go. If no engine answers, the disk's part is still there: a full disk may be why the engine doesn't run.
    /// Throws `workspace.busy` while a run is active, unless this only looks.
    package init(_ workspace: Workspace, environment: [String: String], onlyLooks: Bool) async throws {
        if !onlyLooks, let holder = WorkspaceLock.holder(of: workspace) { throw WorkspaceLock.busy(holder) }
        self.workspace = workspace
        do {
            let docker = try await EngineFinder.reach(nil, http: CurlHTTPClient.shared, environment: environment)
            engine = WorkspaceObjects(docker, workspace, environment: environment)
            engineFailure = nil
            leftovers = EngineKind(ping: docker.ping).maker == .podman ? ImportLeftovers()?.text : nil
        } catch {
            engine = nil
            leftovers = nil
            engineFailure = LabError(describing: error)
        }
        var cache: [WorkspaceObject] = []
        do {
            cache = try await engine?.buildCache(of: workspace).map { [$0] } ?? []
        } catch {
            // The engine counts all its disk use to answer this, and some can't. Everything else is removed without it.
            try Task.checkCancellation()
        }
        let found = try await engine?.look()
        objects = (found?.objects ?? []) + cache + workspace.disposable()
        unseen = found?.unseen
        mayHide = unseen != nil && workspace.hasRunOnSwarm
    }

    /// Holds the workspace and removes. Returns what could not be removed.
    package func perform() async throws -> [(object: WorkspaceObject, reason: LabError)] {
        let lock = try WorkspaceLock(workspace, run: nil)
        defer { withExtendedLifetime(lock) {} }
        var left = try await engine?.remove(objects) ?? []
        // After the images: what an image shares with the cache is free only then.
        for object in objects where object.kind == .buildCache {
            if let reason = try await engine?.removeBuildCache(of: workspace) { left.append((object, reason)) }
        }
        for object in objects where object.kind == .cache || object.kind == .run {
            if let reason = workspace.delete(object) { left.append((object, reason)) }
        }
        return left
    }
}
