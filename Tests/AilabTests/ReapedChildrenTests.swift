import Glibc
import LabSupport
import TestSupport
import Testing

@testable import ailab

@Suite struct ReapedChildrenTests {
    /// The states of a process's children, as the kernel has them: `Z` is one that ended and that nobody waited for.
    private static func children(of parent: pid_t) -> [Character] {
        Files.names(in: "/proc").compactMap { name -> Character? in
            guard Int(name) != nil, let stat = try? Files.text("/proc/\(name)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
            // After the name, which may contain anything: the state, and the parent.
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            guard fields.count > 2, fields[2] == "\(parent)" else { return nil }
            return fields[1].first
        }
    }

    @Test func aWalkthroughLeavesNoZombies() async throws {
        let folder = try TemporaryDirectory()
        var environment = Console.environment
        environment["AILAB_HOME"] = folder.path
        environment["AILAB_LANG"] = "en"
        environment["TERM"] = "vt100"
        environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
        let lab = Program.checkout + "/labs/lab5.yaml"
        let session = try TerminalSession(ChildCommand(Program.path, ["--lab", lab], environment: environment, timeout: nil))
        try await session.shows("1.1 What this machine has")
        session.type("\r")
        // The runner's journal says that it has come to its end.
        do {
            try await eventually {
                (try? Files.text(folder.path + "/runs/1/journal.jsonl"))?.contains("runFinished") ?? false
            }
        } catch {
            Issue.record("\(error): \(Files.tree(folder.path)) \(session.text.suffix(1500))")
        }
        try await eventually { !Self.children(of: session.pid).contains("Z") }
        session.type("q")
        #expect(try await exitCode(of: session.pid) == 0)
    }
}
