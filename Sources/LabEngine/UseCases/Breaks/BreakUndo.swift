import ContainerEngine
import HTTPTransport
package import LabRunner
import LabSupport

/// Takes back what `ailab break` changed, also for a process that was killed.
package enum BreakUndo {
    /// Whether a fault was left behind by a process that is gone.
    package static func isNeeded(_ workspace: Workspace) -> Bool {
        BreakRecord.read(workspace) != nil && BreakLock(workspace) != nil
    }

    /// Takes back what was left. Returns false if there was nothing. Throws `workspace.busy` while a process has a fault.
    package static func perform(_ workspace: Workspace, environment: [String: String]) async throws -> Bool {
        guard let lock = BreakLock(workspace) else { throw busy }
        defer { withExtendedLifetime(lock) {} }
        let record = BreakRecord.read(workspace)
        let docker = try await EngineFinder.reach(record?.engine, http: CurlHTTPClient.shared, environment: environment)
        let count = try await clean(workspace, docker)
        return count > 0 || record != nil
    }

    /// Removes the containers of faults of this workspace, and then the folder with the record. Returns how many containers there were.
    @discardableResult
    static func clean(_ workspace: Workspace, _ docker: DockerClient) async throws -> Int {
        let labels = [Label.fault, "\(Label.workspace)=\(workspace.id)"]
        let containers = try await docker.listContainers(all: true, labels: labels)
        for container in containers { try await docker.removeContainer(container.id, force: true) }
        // As long as a container is there, the record has to be, too.
        if BreakRecord.read(workspace) != nil { try BreakRecord.remove(workspace) }
        return containers.count
    }

    static var busy: LabError {
        LabError(
            .workspaceBusy, Text(en: "Another `ailab break` is open in this workspace.", zh: "这个工作区中已有一个 `ailab break` 在进行。"),
            hint: Text(en: "Finish it first. When it ends, its fault is undone.", zh: "请先完成它；结束时它的故障会被撤销。"))
    }
}
