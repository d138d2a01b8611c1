import Glibc
import TestSupport
import Testing

@testable import LabEngine
@testable import LabRunner
@testable import LabSupport

@Suite struct LaunchedRunTests {
    /// A walkthrough starts many runners and outlives them. None of them may stay behind as a zombie.
    @Test func aRunnerThatNobodyFollowsIsReaped() async throws {
        let folder = try TemporaryDirectory()
        let workspace = try Workspace(root: folder.path)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        for number in 1...5 {
            let command = ChildCommand("/bin/sh", ["-c", "exit \(number)"], environment: [:], timeout: nil)
            let pid = try ChildSpawn.session(command, input: null, output: null, error: null)
            LaunchedRun(workspace: workspace, folder: workspace.run(number), pid: pid).release()
            // A zombie could still be signalled.
            try await eventually { kill(pid, 0) != 0 && errno == ESRCH }
        }
    }
}
