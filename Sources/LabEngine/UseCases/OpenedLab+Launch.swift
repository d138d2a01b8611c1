import Glibc
import LabFile
package import LabRunner
import LabSupport

/// A run that this process started.
package struct LaunchedRun: Sendable {
    package let workspace: Workspace
    package let folder: RunFolder
    /// The runner's process.
    package let pid: Int32

    /// Asks its runner to cancel and clean up, or ends it at once.
    package func end(atOnce: Bool) { kill(pid, atOnce ? SIGKILL : SIGTERM) }

    /// For a caller that doesn't follow the runner's process: takes its exit code when it ends, so that no zombie stays behind. `end` and
    /// `FollowedRun` must not be used any more, because the pid may then belong to another process.
    package func release() {
        let pid = pid
        PosixThread.start {
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        }?.detach()
    }
}

extension OpenedLab {
    /// Runs `selection` (`3`, `4.5`, `2-4` or `all`) in a process that outlives this one. Throws wrong usage before a run exists, and
    /// `workspace.busy` if another run is active.
    package func launch(_ selection: String, _ options: RunOptions) throws -> LaunchedRun {
        _ = try tasks(selection)
        let builtIns = BuiltIns.values(workspace, lab: spec, device: "cpu", environment: environment)
        _ = try LabVariables.resolve(spec: spec, set: options.set, quick: options.quick, builtIns: builtIns)
        try refuseWhileBusy()
        let folder = try workspace.makeRun()
        let request = RunRequest(
            workspace: workspace.root, labFile: file, run: folder.number, selection: selection, options: options)
        var environment = environment
        // A run writes a template in the language of whoever began it.
        environment["AILAB_LANG"] = environment["AILAB_LANG"] ?? Preferences(workspace: workspace.root).language?.rawValue
        do {
            let pid = try RunLauncher.launch(request, folder: folder, environment: environment)
            return LaunchedRun(workspace: workspace, folder: folder, pid: pid)
        } catch {
            // Nothing ran, so there is nothing to report: a folder without a journal would be taken for a run whose records were lost.
            try? PathBelow(String(folder.number), in: "\(workspace.root)/runs").remove()
            throw error
        }
    }
}
